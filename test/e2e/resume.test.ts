import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openPage } from "../support/browser.ts";
import { type CutProxy, startCutProxy } from "../support/cut-proxy.ts";
import { sessionApi } from "../support/session-api.ts";
import { type SessionPage, type SessionWorld, startSessionWorld } from "../support/session-world.ts";
import { targetOf } from "../support/target-of.ts";
import { typeKeys } from "../support/type-keys.ts";

// A session survives what happens to its page: reloads, other windows, lost networks.

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterEach(() => world.closePages());
afterAll(() => world?.close());

const running = (page: Page) => page.getByRole("button", { name: "End" }).waitFor();
/** The page asks before it is left. */
const reload = async (page: Page) => {
  page.once("dialog", (dialog) => dialog.accept());
  await page.reload();
  await running(page);
};
const untilTyped = async ({ page }: Pick<SessionPage, "page">, line: string, file: string, text: string | RegExp) => {
  await typeKeys(page, `${line}\n`);
  await world.fileHolds(file, text);
};

test("a reload in the middle of vim comes back to it: cursor, size and text", async () => {
  const session = await world.run();
  await session.page.keyboard.type("vim -u NONE -N note.txt; echo over > vim-over.txt\n");
  await typeKeys(session.page, "ione two three");
  await session.page.setViewportSize({ width: 1000, height: 640 });
  await reload(session.page);
  // Still in insert mode, with the cursor behind what was typed.
  await typeKeys(session.page, " four");
  await session.page.keyboard.press("Escape");
  await typeKeys(session.page, ":wq\n");
  await world.fileHolds("note.txt", "one two three four\n");
  // What is typed before vim has gone is lost in it.
  await world.fileHolds("vim-over.txt", "over\n");
  await untilTyped(session, "stty size > vim-size.txt", "vim-size.txt", /^\d+ 9\d\n$/);
  expect((await world.read(session.id)).active_connections).toBe(1);
});

test("a second window takes over, the first says so, and brings it back", async () => {
  const session = await world.run();
  const second = await world.newPage();
  await second.page.goto(session.page.url());
  await running(second.page);
  await session.page.getByRole("heading", { name: "This session is open in another window" }).waitFor();
  await untilTyped(second, "echo second > window.txt", "window.txt", "second\n");
  await session.page.getByRole("button", { name: "Bring it back here" }).click();
  await running(session.page);
  await second.page.getByRole("heading", { name: "This session is open in another window" }).waitFor();
  await untilTyped(session, "echo first > window.txt", "window.txt", "first\n");
});

test("an admin looks on: sees, is seen, and can do nothing", async () => {
  const session = await world.run();
  const admin = await world.gateway.signIn("admin");
  const watcher = await world.newPage({ cookie: admin.cookie });
  await watcher.page.goto(`${session.page.url()}?mode=view`);
  await watcher.page.getByText("They know you are here").waitFor();
  await session.page.getByText("is watching").first().waitFor();
  await typeKeys(watcher.page, "touch watcher-was-here\n");
  await watcher.page.mouse.click(300, 300);
  await watcher.page.setViewportSize({ width: 700, height: 500 });
  await untilTyped(session, "ls > seen.txt; stty size >> seen.txt; echo . >> seen.txt", "seen.txt", /\.\n$/);
  const seen = await world.fileHolds("seen.txt", /\.\n$/);
  expect(seen).not.toContain("watcher-was-here");
  expect(seen).toMatch(/\d+ 1[34]\d\n/);
  expect(watcher.watch.sent("key")).toEqual([]);
  await watcher.page.getByRole("button", { name: "Leave" }).click();
  await expect.poll(async () => (await world.read(session.id)).active_connections).toBe(1);
});

test("a wrong password is asked for again in the page, and the right one opens the session", async () => {
  const session = await world.open({ password: "wrong" });
  await session.page.getByText("2 tries left").waitFor();
  await session.page.getByLabel("Password", { exact: true }).fill(world.host.password);
  await session.page.keyboard.press("Enter");
  await running(session.page);
  await untilTyped(session, "echo asked > asked.txt", "asked.txt", "asked\n");
});

test("a page that loads while a question is open shows it again", async () => {
  const session = await world.open({ password: null });
  await session.page.getByLabel("Password", { exact: true }).waitFor();
  await session.page.reload();
  await session.page.getByLabel("Password", { exact: true }).fill(world.host.password);
  await session.page.keyboard.press("Enter");
  await running(session.page);
});

describe("a network that is cut", () => {
  let proxy: CutProxy;
  let behind: SessionWorld;
  beforeAll(async () => {
    proxy = await startCutProxy();
    behind = await startSessionWorld({
      environment: { SALLYPORT_SERVER_PUBLIC_URL: `http://127.0.0.1:${proxy.port}` },
    });
    proxy.lead(Number(new URL(behind.gateway.listenUrl).port));
  });
  afterAll(async () => {
    await behind?.close();
    proxy?.close();
  });

  test("for 20 s heals by itself: the same shell goes on in the same page", async () => {
    const { host, gateway, cookie } = behind;
    const id = await sessionApi(gateway, cookie, targetOf(host)).create();
    const page = await openPage(behind.browser, { url: gateway.url, cookie });
    await page.goto(`${gateway.url}/client/${id}`);
    await running(page);
    await page.evaluate("globalThis.isSamePage = true");
    await typeKeys(page, "here=kept\n");
    proxy.cut();
    await page.getByText("Connection lost.").waitFor();
    await delay(20_000);
    proxy.mend();
    await page.getByText("Connected again.").waitFor();
    expect(await page.evaluate("globalThis.isSamePage")).toBe(true);
    await typeKeys(page, "echo $here > healed.txt\n");
    await behind.fileHolds("healed.txt", "kept\n");
  });
});
