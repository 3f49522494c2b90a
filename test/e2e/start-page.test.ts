import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type PortalWorld, startPortalWorld } from "../support/portal-world.ts";

// The start page on a real gateway. No guacd: the sessions made here are never opened.

let world: PortalWorld;

beforeAll(async () => {
  world = await startPortalWorld();
});
afterAll(() => world?.close());
afterEach(() => world.closePages());

const openSignedIn = async (context = {}): Promise<Page> => {
  const page = await world.newPage("poweruser", context);
  await page.goto(world.gateway.url);
  await page.getByRole("heading", { name: "Sessions" }).waitFor();
  return page;
};

const host = (page: Page) => page.getByLabel("Host", { exact: true });

const openForm = async (page: Page): Promise<void> => {
  await page.keyboard.press("n");
  await host(page).waitFor();
};

const makeSession = async (page: Page, hostname: string): Promise<string> => {
  const answer = await page.request.post(`${world.gateway.url}/api/sessions`, {
    headers: { origin: world.gateway.url },
    data: { hostname, username: "deploy", password: "pw" },
  });
  expect(answer.status()).toBe(201);
  const session: { session_id: string } = await answer.json();
  return session.session_id;
};

describe("signing in", () => {
  test("a key opens the page that was asked for and stays nowhere in the browser", async () => {
    const page = await (await world.browser.newContext()).newPage();
    await page.goto(`${world.gateway.url}/?next=%2Fapi%2Fme`);
    await page.getByLabel("API key or token").fill(world.gateway.adminKey);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/api/me");
    expect(await page.textContent("body")).toContain('"role":"admin"');
    expect(await page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")).not.toContain("sp_");
  });

  test("a wrong key is told at the field, which has the focus again", async () => {
    const page = await (await world.browser.newContext()).newPage();
    await page.goto(world.gateway.url);
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
    expect((await page.request.get(`${world.gateway.url}/api/me`)).status()).toBe(401);
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
    const [made] = await (await page.request.get(`${world.gateway.url}/api/sessions?mine=true`)).json();
    expect(made).toMatchObject({ hostname: "10.20.9.61", port: 2222, username: "deploy" });
  });

  test("is refused at the field that the gateway names, with the focus in it", async () => {
    const page = await openSignedIn();
    await openForm(page);
    await host(page).fill("10.20.9.300");
    await page.getByRole("textbox", { name: "User" }).fill("deploy");
    await page.getByRole("button", { name: "Start session" }).click();
    await page.getByText("300 is above 255").waitFor();
    await expect.poll(() => page.evaluate("document.activeElement?.ariaInvalid")).toBe("true");
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

  test("that is pasted with a way which the form can't hold says so at the field, and does not start without it", async () => {
    const page = await openSignedIn();
    await openForm(page);
    await page.evaluate(
      `navigator.clipboard.writeText("ssh -o ProxyCommand='nc -x proxy:1080 %h %p' deploy@db-1 -p 2222")`,
    );
    await page.keyboard.press("Control+V");
    const fault = page.getByText("This way does not fit: nc -x proxy:1080 %h %p.");
    await fault.waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "User" }).fill("ops");
    await page.keyboard.press("Enter");
    await fault.waitFor();
    expect(await host(page).inputValue()).toMatch(/^ssh -o ProxyCommand=.* deploy@db-1 -p 2222$/);
  });

  test("shows the fields of its protocol only, and the port that is usual there", async () => {
    const page = await openSignedIn();
    await openForm(page);
    await page.getByText("Private key", { exact: true }).waitFor();
    await page.getByRole("radio", { name: /RDP/ }).check();
    expect(await page.getByLabel("Port").inputValue()).toBe("3389");
    await page.getByLabel("Domain", { exact: true }).waitFor();
    expect(await page.getByText("Private key", { exact: true }).count()).toBe(0);
    expect(await page.getByText("Kerberos ticket cache").count()).toBe(0);
    await page.getByRole("radio", { name: /VNC/ }).check();
    expect(await page.getByLabel("Port").inputValue()).toBe("5900");
    expect(await page.getByLabel("Domain", { exact: true }).count()).toBe(0);
  });

  test("opens the part with the option that the gateway refuses, with the focus in it", async () => {
    const page = await openSignedIn();
    await openForm(page);
    await host(page).fill("10.20.9.61");
    await page.getByRole("button", { name: "Change connection" }).click();
    await page.getByLabel("Host key").fill("no key");
    await page.getByRole("button", { name: "Done with connection" }).click();
    await page.getByRole("button", { name: "Start session" }).click();
    await page.getByText("Not a public host key such as ssh-ed25519").waitFor();
    await expect.poll(() => page.evaluate("document.activeElement?.ariaInvalid")).toBe("true");
  });

  test("asks for nothing beyond the host, since the session's page can ask", async () => {
    const page = await openSignedIn();
    await openForm(page);
    await host(page).fill("10.20.9.61");
    await page.getByText("Ask me", { exact: true }).click();
    await page.getByRole("button", { name: "Start session" }).click();
    await page.waitForURL("**/client/*");
  });

  test("starts again from an ended one without its secrets", async () => {
    const page = await openSignedIn();
    const id = await makeSession(page, "10.20.4.11");
    await page.goto(`${world.gateway.url}/?again=${id}`);
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
});
