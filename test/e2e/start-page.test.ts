import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, openPage } from "../support/browser.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

// The start page on a real gateway. No guacd: the sessions made here are never opened.

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser: Browser;
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});

const openSignedIn = async (context = {}): Promise<Page> => {
  const { cookie } = await gateway.signIn("poweruser");
  const page = await openPage(browser, { url: gateway.url, cookie, context });
  await page.goto(gateway.url);
  await page.getByRole("heading", { name: "Sessions" }).waitFor();
  return page;
};

const host = (page: Page) => page.getByLabel("Host", { exact: true });

const openForm = async (page: Page): Promise<void> => {
  await page.keyboard.press("n");
  await host(page).waitFor();
};

const makeSession = async (page: Page, hostname: string): Promise<string> => {
  const answer = await page.request.post(`${gateway.url}/api/sessions`, {
    headers: { origin: gateway.url },
    data: { hostname, username: "deploy", password: "pw" },
  });
  expect(answer.status()).toBe(201);
  const session: { session_id: string } = await answer.json();
  return session.session_id;
};

describe("signing in", () => {
  test("a key opens the page that was asked for and stays nowhere in the browser", async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${gateway.url}/?next=%2Fapi%2Fme`);
    await page.getByLabel("API key or token").fill(gateway.adminKey);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/api/me");
    expect(await page.textContent("body")).toContain('"role":"admin"');
    expect(await page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")).not.toContain("sp_");
  });

  test("a wrong key is told at the field, which has the focus again", async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(gateway.url);
    await page.getByLabel("API key or token").fill("sp_wrong");
    await page.getByRole("button", { name: "Sign in with key" }).click();
    await page.getByText("This key is not valid, or it has been switched off.").waitFor();
    expect(await page.evaluate("document.activeElement?.tagName")).toBe("INPUT");
  });

  test("signing out ends the login", async () => {
    const page = await openSignedIn();
    await page.getByRole("button", { name: /account of/ }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("API key or token").waitFor();
    expect((await page.request.get(`${gateway.url}/api/me`)).status()).toBe(401);
  });
});

describe("a new session", () => {
  test("starts from a pasted ssh command and opens its page", async () => {
    const page = await openSignedIn();
    await openForm(page);
    await page.evaluate(`navigator.clipboard.writeText("ssh deploy@10.20.9.61 -p 2222")`);
    await page.keyboard.press("Control+V");
    await page.getByRole("textbox", { name: "Password" }).fill("pw");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/client/*");
    const [made] = await (await page.request.get(`${gateway.url}/api/sessions?mine=true`)).json();
    expect(made).toMatchObject({ hostname: "10.20.9.61", port: 2222, username: "deploy" });
  });

  test("is refused at the field that the gateway names, with the focus in it", async () => {
    const page = await openSignedIn();
    await openForm(page);
    await host(page).fill("10.20.9.300");
    await page.getByRole("textbox", { name: "User" }).fill("deploy");
    await page.getByRole("button", { name: "Start session" }).click();
    await page.getByText("300 is above 255").waitFor();
    await page.waitForFunction(`document.activeElement?.getAttribute("aria-invalid") === "true"`);
  });

  test("says which target the gateway may not reach, with the code and the request", async () => {
    const page = await openSignedIn();
    await openForm(page);
    await host(page).fill("deploy@169.254.169.254:22");
    await page.keyboard.press("Enter");
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/169\.254\.169\.254.*target_not_allowed Request \S+/s);
  });

  test("starts again from an ended one without its secrets", async () => {
    const page = await openSignedIn();
    const id = await makeSession(page, "10.20.4.11");
    await page.goto(`${gateway.url}/?again=${id}`);
    await host(page).waitFor();
    expect(await host(page).inputValue()).toBe("10.20.4.11");
    expect(await page.getByRole("textbox", { name: "User" }).inputValue()).toBe("deploy");
    expect(await page.getByRole("textbox", { name: "Password" }).inputValue()).toBe("");
  });
});

describe("my sessions", () => {
  test("show a session made elsewhere by themselves, and the keyboard alone ends it", async () => {
    const page = await openSignedIn();
    await page.getByText("You have no running session").waitFor();
    await makeSession(page, "10.20.4.12");
    await page.getByText("Not opened yet").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Delete");
    await page.getByRole("dialog", { name: "End deploy@10.20.4.12?" }).waitFor();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText("You ended it").waitFor();
    expect(await page.evaluate(`document.activeElement?.getAttribute("role")`)).toBe("row");
  });

  test("a gateway that stops answering leaves the list with a strip, which goes when it answers again", async () => {
    const page = await openSignedIn();
    await makeSession(page, "10.20.4.13");
    await page.getByRole("grid").waitFor();
    await page.route("**/api/sessions?*", (route) => route.abort());
    await page.getByText("The gateway does not answer.").waitFor();
    expect(await page.getByRole("grid").isVisible()).toBe(true);
    await page.unroute("**/api/sessions?*");
    await page.getByText("The gateway does not answer.").waitFor({ state: "detached" });
  });
});

describe.each(["light", "dark"] as const)("in the %s scheme", (colorScheme) => {
  test.each([
    ["wide", { width: 1440, height: 900 }],
    ["on a phone", { width: 390, height: 844 }],
    ["at 400 % zoom", { width: 320, height: 256 }],
  ])("no state breaks an accessibility rule, the content policy or the width, %s", async (_, viewport) => {
    const { cookie } = await gateway.signIn("poweruser");
    const page = await openPage(browser, { url: gateway.url, cookie, context: { colorScheme, viewport } });
    const violations: string[] = [];
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text())) violations.push(message.text());
    });
    const look = async (state: string) => {
      for (const fault of await faultsOf(page)) violations.push(`${state}: ${fault}`);
    };

    await page.goto(gateway.url);
    await page.getByText("You have no running session").waitFor();
    await look("empty");
    await makeSession(page, "10.20.4.14");
    await page.getByText("Not opened yet").waitFor();
    await look("list");
    await page.getByRole("button", { name: /account of/ }).click();
    await look("account");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "New session" }).click();
    await page.getByText("Private key", { exact: true }).click();
    await page.getByRole("button", { name: "Change display" }).click();
    await page.getByRole("button", { name: "Start session" }).click();
    await page.getByText("Type the host to reach.").waitFor();
    await look("form");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^End:/ }).click();
    await page.getByRole("dialog").waitFor();
    await look("end");
    await page.context().clearCookies();
    await page.goto(gateway.url);
    await page.getByLabel("API key or token").waitFor();
    await look("sign-in");
    expect(violations).toEqual([]);
  });
});

test("no more than 180 KB of script and styles, gzipped, come before the first page is drawn", async () => {
  const page = await (await browser.newContext()).newPage();
  const bodies: Promise<Buffer>[] = [];
  page.on("response", (response) => {
    if (response.url().includes("/assets/")) bodies.push(response.body());
  });
  await page.goto(gateway.url);
  await page.getByLabel("API key or token").waitFor();
  const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
  expect(bytes).toBeGreaterThan(50 * 1024);
  expect(bytes).toBeLessThanOrEqual(180 * 1024);
});

/** What axe finds, and what only sideways scrolling would show. */
const faultsOf = async (page: Page): Promise<string[]> => {
  await page.evaluate(axeSource);
  return page.evaluate<string[]>(`(async () => {
    const { violations } = await axe.run();
    const edges = Array.from(document.querySelectorAll("form *"), (part) => part.getBoundingClientRect().right);
    const wider = Math.max(document.documentElement.scrollWidth, ...edges) - innerWidth;
    return [
      ...violations.map(({ id, nodes }) => id + " at " + nodes.map((node) => node.target.join(" ")).join(", ")),
      ...(wider > 0 ? [wider + " px too wide"] : []),
    ];
  })()`);
};
