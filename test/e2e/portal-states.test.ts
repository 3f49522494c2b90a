import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, openPage } from "../support/browser.ts";
import { fakeEvents, runningSession } from "../support/live-events.ts";
import { pageFaults } from "../support/page-faults.ts";
import { watchPage } from "../support/page-watch.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

// Every state of every page of the portal, in both schemes, wide, on a phone, and at 400 % zoom.

let browser: Awaited<ReturnType<typeof openBrowser>>;
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" });
  await gateway.addKey("old-jenkins", { disabled: true });
  await gateway.addKey("backup", { allowedIps: ["10.20.0.0/16"], expiresAtMs: Date.now() + 6 * 86_400_000 });
  const fingerprint = "SHA256:q3JxPp7Tn0a1Yc5vWm4eK2rLs8ZdUfH6oBtGjXi9fWk";
  const seen = { first_seen_at: Date.now(), first_seen_by: "m.keller@example.com", last_seen_at: Date.now() };
  const place = {
    kind: "ssh",
    state: "trusted",
    origin: "session",
    path: "",
    host: "10.20.0.2",
    port: 2222,
    key_type: "ssh-ed25519",
    public_key: "AAAA",
  } as const;
  const id = crypto.randomUUID();
  await gateway.database
    .insertInto("known_host")
    .values({ id, ...place, fingerprint, ...seen })
    .execute();
  browser = await openBrowser();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

const sessionsOf = (owner: string) => {
  const ended = { status: "ended", active_connections: 0, ended_at: new Date().toISOString() } as const;
  const detail = "10.20.4.12 refused the connection on port 22.";
  return [
    runningSession(owner, 47, { active_connections: 3 }),
    runningSession(owner, 12, { session_type: "vnc", username: null, active_connections: 0 }),
    runningSession(owner, 1, { status: "pending", started_at: null, active_connections: 0 }),
    runningSession("a.lindqvist@northwind.example", 126, {
      session_type: "rdp",
      hostname: `${"long-".repeat(12)}name`,
    }),
    runningSession(owner, 300, { ...ended, end_reason: "closed" }),
    runningSession(owner, 310, { ...ended, started_at: null, end_reason: "target_unreachable", end_detail: detail }),
  ];
};

interface State {
  readonly name: string;
  readonly path: string;
  readonly sessions?: "none" | "some";
  readonly role?: "viewer" | "poweruser";
  readonly isSignedOut?: boolean;
  readonly act?: (page: Page) => Promise<unknown>;
  /** What shows that the state is there. */
  readonly sign: string | RegExp;
}

const openForm = async (page: Page) => {
  await page.keyboard.press("n");
  await page.getByLabel("Host", { exact: true }).waitFor();
};
const click = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();
/** Sections of the form, opened one after the other. */
const openAll = async (page: Page) => {
  for (;;) {
    const change = page.getByRole("button", { name: /^Change / });
    if ((await change.count()) === 0) return;
    await change.first().click();
  }
};

const states: readonly State[] = [
  { name: "sign-in", path: "/", isSignedOut: true, sign: "Sign in with key" },
  {
    name: "sign-in, refused",
    path: "/",
    isSignedOut: true,
    act: async (page) => {
      await page.getByLabel("API key or token").fill("sp_wrong");
      await click(page, "Sign in with key");
    },
    sign: "This key is not valid, or it has been switched off.",
  },
  { name: "first run", path: "/", sessions: "none", sign: "Before other people use it" },
  { name: "no session", path: "/", sessions: "none", role: "poweruser", sign: "You have no running session" },
  { name: "no right to sessions", path: "/", role: "viewer", sign: "Your role opens no sessions" },
  { name: "my sessions", path: "/", sign: /^Away, kept up to/ },
  { name: "everybody's sessions", path: "/everybody", sign: "a.lindqvist" },
  { name: "ended sessions", path: "/ended", sign: "The target does not answer" },
  {
    name: "a search without a match",
    path: "/everybody",
    act: async (page) => {
      await page.keyboard.press("/");
      const field = page.getByRole("searchbox");
      if (!(await field.isVisible())) return page.evaluate(`document.querySelector("[type=search]").focus()`);
      return field.fill("10.77.1.2");
    },
    sign: /^(No session matches|Sessions)/,
  },
  { name: "ending one", path: "/", act: (page) => click(page, /^End: /), sign: "Keep it" },
  { name: "account", path: "/", act: (page) => click(page, /account of/), sign: "Single letters act as keys" },
  { name: "keyboard map", path: "/", act: (page) => page.keyboard.press("?"), sign: "Everywhere" },
  { name: "palette", path: "/", act: (page) => page.keyboard.press("Control+k"), sign: "Running sessions" },
  {
    name: "palette, nothing found",
    path: "/",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill("qq qq");
    },
    sign: /^Nothing found/,
  },
  {
    name: "new SSH session with a fault in every field",
    path: "/",
    act: async (page) => {
      await openForm(page);
      await page.getByText("Private key", { exact: true }).click();
      await openAll(page);
      await page.getByLabel("Font size").fill("1000");
      await page.getByLabel("Port").fill("0");
      await click(page, "Start session");
    },
    sign: "Type the host to reach.",
  },
  ...["RDP", "VNC"].map((protocol) => ({
    name: `new ${protocol} session, all open`,
    path: "/",
    act: async (page: Page) => {
      await openForm(page);
      await page.getByRole("radio", { name: new RegExp(protocol) }).check();
      await openAll(page);
    },
    sign: "Start session",
  })),
  {
    name: "a session that may not be",
    path: "/",
    act: async (page) => {
      await openForm(page);
      await page.getByLabel("Host", { exact: true }).fill("169.254.169.254");
      await click(page, "Start session");
    },
    sign: "target_not_allowed",
  },
  { name: "API keys", path: "/admin/keys", sign: "old-jenkins" },
  {
    name: "new key with a fault",
    path: "/admin/keys",
    act: async (page) => {
      await click(page, "New key");
      await click(page, "Make key");
    },
    sign: "Type what the key is for.",
  },
  {
    name: "a key shown once",
    path: "/admin/keys",
    act: async (page) => {
      await click(page, "Rotate backup");
      await click(page, "Rotate key");
    },
    sign: "I have copied it",
  },
  { name: "deleting a key", path: "/admin/keys", act: (page) => click(page, "Delete backup"), sign: "Delete key" },
  { name: "host keys", path: "/admin/known-hosts", sign: "10.20.0.2:2222" },
  { name: "about", path: "/about", sign: "Session host" },
  { name: "admin page for others", path: "/admin/keys", role: "poweruser", sign: "This page is for admins" },
  {
    name: "the gateway gone",
    path: "/",
    act: async (page) => {
      await page.route("**/api/events", (route) => route.abort());
      await page.evaluate("cutEvents()");
    },
    sign: /^The gateway does not answer\. The list shows/,
  },
];

const ways = (["light", "dark"] as const).flatMap((colorScheme) => [
  { way: `${colorScheme}, wide`, colorScheme, viewport: { width: 1440, height: 900 } },
  { way: `${colorScheme}, on a phone`, colorScheme, viewport: { width: 390, height: 844 } },
]);

const zoomed = { way: "at 400 % zoom", colorScheme: "light", viewport: { width: 320, height: 256 } } as const;

describe.each([...ways, zoomed])("$way", ({ colorScheme, viewport }) => {
  test("no state breaks an accessibility rule, the content policy or the width, or asks another host", async () => {
    const faults: string[] = [];
    for (const state of states) {
      const { cookie, email } = await gateway.signIn(state.role ?? "admin");
      const context = { colorScheme, viewport };
      const page = state.isSignedOut
        ? await (await browser.newContext(context)).newPage()
        : await openPage(browser, { url: gateway.url, cookie, context });
      const watch = await watchPage(page, gateway.url);
      await page.addInitScript(fakeEvents(state.sessions === "none" ? [] : sessionsOf(email)));
      await page.goto(gateway.url + state.path);
      await page.locator("main, h1").first().waitFor();
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await state.act?.(page);
      await page.getByText(state.sign).locator("visible=true").first().waitFor();
      const found = await pageFaults(page);
      const complaints = watch.complaints().filter((complaint) => !expectedComplaint.test(complaint));
      faults.push(...[...found, ...complaints].map((fault) => `${state.name}: ${fault}`));
      await page.context().close();
    }
    expect(faults).toEqual([]);
  }, 240_000);
});

/** What the browser says of refusals that are part of a state. */
const expectedComplaint = /status of 40\d|net::ERR_FAILED/;
