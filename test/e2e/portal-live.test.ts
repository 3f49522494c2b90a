import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, openPage } from "../support/browser.ts";
import { type CutProxy, startCutProxy } from "../support/cut-proxy.ts";
import { fakeEvents, runningSession } from "../support/live-events.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

// The list of sessions as the gateway pushes it. No guacd: the sessions made here are never opened.

let browser: Awaited<ReturnType<typeof openBrowser>>;
let gateway: TestGateway;
let network: CutProxy;
beforeAll(async () => {
  network = await startCutProxy();
  gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_SERVER_PUBLIC_URL: `http://127.0.0.1:${network.port}`,
  });
  network.lead(Number(new URL(gateway.listenUrl).port));
  browser = await openBrowser();
});
afterEach(async () => {
  network.mend();
  await Promise.all(browser.contexts().map((context) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  await gateway?.close();
  network?.close();
});

const open = async (role: "admin" | "poweruser" = "poweruser", script?: (email: string) => string): Promise<Page> => {
  const { cookie, email } = await gateway.signIn(role);
  const page = await openPage(browser, { url: gateway.url, cookie });
  if (script) await page.addInitScript(script(email));
  await page.goto(gateway.url);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
};
const make = async (page: Page, hostname: string): Promise<void> => {
  const answer = await page.request.post(`${gateway.url}/api/sessions`, {
    headers: { origin: gateway.url },
    data: { hostname, username: "deploy", password: "pw" },
  });
  expect(answer.status()).toBe(201);
};
const names = (page: Page) => page.locator('[role="row"] .cell-target .name').allTextContents();

describe("windows of one person", () => {
  test("hear the gateway through one connection, also after the one that had it is closed", async () => {
    const page = await open();
    await page.getByText("You have no running session").waitFor();
    const second = await page.context().newPage();
    let asked = 0;
    second.on("request", (request) => {
      if (request.url().endsWith("/api/events")) asked += 1;
    });
    await second.goto(gateway.url);
    await second.getByText("You have no running session").waitFor();
    await make(page, "10.20.5.1");
    await second.getByText("deploy@10.20.5.1").waitFor();
    expect(asked).toBe(0);
    await page.close();
    await expect.poll(() => asked).toBe(1);
    await make(second, "10.20.5.2");
    await second.getByText("deploy@10.20.5.2").waitFor();
  });

  test("are all signed out when the login ends", async () => {
    const page = await open();
    await page.getByText("You have no running session").waitFor();
    const second = await page.context().newPage();
    await second.goto(gateway.url);
    await second.getByText("You have no running session").waitFor();
    await page.getByRole("button", { name: /account of/ }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await second.getByLabel("API key or token").waitFor({ timeout: 15_000 });
  });
});

describe("a lost network", () => {
  test("leaves the list with a strip and its age, and heals by itself", async () => {
    const page = await open();
    await make(page, "10.20.5.3");
    await page.getByRole("grid").waitFor();
    network.cut();
    await page.getByText("The gateway does not answer.").waitFor();
    await page
      .getByText(/Not live\. Trying again in \d+ s\./)
      .first()
      .waitFor();
    expect(await page.getByRole("grid").isVisible()).toBe(true);
    network.mend();
    await page.getByText("The gateway does not answer.").waitFor({ state: "detached" });
    await make(page, "10.20.5.4");
    await page.getByText("deploy@10.20.5.4").waitFor();
  });

  test("before the first answer is told with the code, and Try again tries at once", async () => {
    const { cookie } = await gateway.signIn("poweruser");
    const page = await openPage(browser, { url: gateway.url, cookie });
    await page.route("**/api/events", (route) => route.abort());
    await page.goto(gateway.url);
    await page.getByRole("heading", { name: "The gateway does not answer" }).waitFor();
    await page.unroute("**/api/events");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("You have no running session").waitFor({ timeout: 3000 });
  });
});

describe("rows", () => {
  test("keep their places while the pointer is over them, and new ones take theirs when it leaves", async () => {
    const page = await open();
    await make(page, "10.20.6.1");
    await make(page, "10.20.6.2");
    await page.getByText("deploy@10.20.6.2").waitFor();
    await page.getByText("deploy@10.20.6.1").hover();
    await make(page, "10.20.6.3");
    await page.getByText("deploy@10.20.6.3").waitFor();
    expect(await names(page)).toEqual(["deploy@10.20.6.2", "deploy@10.20.6.1", "deploy@10.20.6.3"]);
    await page.mouse.move(10, 10);
    await expect.poll(() => names(page)).toEqual(["deploy@10.20.6.3", "deploy@10.20.6.2", "deploy@10.20.6.1"]);
  });

  test("of a session that nobody looks at say so, and for how long it is kept", async () => {
    let owner = "";
    const session = runningSession("", 12);
    const page = await open("poweruser", (email) => {
      owner = email;
      return fakeEvents([{ ...session, created_by: email }]);
    });
    await page.getByText("Active", { exact: true }).waitFor();
    const away = { ...session, created_by: owner, active_connections: 0 };
    await page.evaluate(`pushEvent("session", ${JSON.stringify(away)})`);
    await page.getByText(/^Away, kept (4|5) min$/).waitFor();
    await page.getByText("Nobody", { exact: true }).waitFor();
  });

  test("of others are for admins alone, who watch the running ones in a window of its own", async () => {
    const other = runningSession("a.lindqvist@northwind.example", 5);
    const page = await open("admin", () => fakeEvents([other]));
    await page.getByText("Everybody", { exact: false }).first().click();
    const watch = page.getByRole("link", { name: "Watch: deploy@10.20.4.11" });
    expect(await watch.getAttribute("href")).toBe(`/client/${other.session_id}?mode=view`);
    expect(await watch.getAttribute("target")).toBe("_blank");
    expect(new URL(page.url()).pathname).toBe("/everybody");
    await page.getByRole("button", { name: "End: deploy@10.20.4.11" }).click();
    await page.getByRole("dialog", { name: "End a.lindqvist's session?" }).waitFor();

    const person = await open("poweruser", () => fakeEvents([other]));
    await person.getByText("You have no running session").waitFor();
    expect(await person.getByText("Everybody").count()).toBe(0);
  });

  test("of a long list are drawn where they are seen, and the search finds every one of them", async () => {
    const page = await open("poweruser", (email) =>
      fakeEvents(
        Array.from({ length: 1000 }, (_, index) => runningSession(email, index, { hostname: `host-${index}` })),
      ),
    );
    await page.getByRole("grid").waitFor();
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("1001");
    expect(await page.locator('[role="row"]').count()).toBeLessThanOrEqual(41);
    await page.keyboard.press("End");
    await page.getByText("deploy@host-999").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("host-517");
    await page.getByText("deploy@host-517").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("searchbox").inputValue()).toBe("");
  });
});
