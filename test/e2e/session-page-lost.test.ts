import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hears, type LivePage, startLivePage } from "../support/live-page.ts";
import { endedScenario, pendingSession, runSession } from "../support/session-scenarios.ts";

// What the page does when its socket is gone though the session is not.

let live: LivePage;
beforeAll(async () => {
  live = await startLivePage();
});
afterEach(() => live.closePages());
afterAll(() => live?.close());

const openRunning = async (): Promise<Page> => {
  const page = await live.open();
  await page.getByRole("button", { name: "End" }).waitFor();
  live.scenario.session = { ...pendingSession, status: "active", started_at: new Date().toISOString() };
  return page;
};
const heldIn = (instructions: readonly string[][]) =>
  instructions.filter(([keysym, state]) => state === "1" && !instructions.some(([k, s]) => k === keysym && s === "0"));

describe("a socket that drops", () => {
  test("is opened again by itself, without a reload, and the page says so", async () => {
    const page = await openRunning();
    await page.evaluate("globalThis.isSamePage = true");
    live.gateway().cut();
    await page.getByText("Connection lost. Trying again. Your session is kept for 5 min.").waitFor();
    expect(await page.title()).toBe("! deploy@10.20.9.61 · Sallyport");
    await page.getByText("Connected again.").waitFor();
    expect(live.sockets()).toBe(2);
    expect(await page.evaluate("globalThis.isSamePage")).toBe(true);
    expect(await page.title()).toBe("deploy@10.20.9.61 · Sallyport");
    await expect.poll(() => page.locator(".sp-strip").count(), { timeout: 5_000 }).toBe(0);
  });

  test("leaves one picture and one keyboard: keys reach the new socket once", async () => {
    const page = await openRunning();
    live.gateway().cut();
    await page.getByText("Connected again.").waitFor();
    expect(await page.locator(".sp-picture > *").count()).toBe(1);
    await page.keyboard.press("x");
    await page.mouse.click(400, 300);
    await hears(() => expect(live.sent("mouse")).toHaveLength(3));
    expect(live.sent("key")).toEqual([
      ["120", "1"],
      ["120", "0"],
    ]);
  });

  test("holds keys back, and none of them is sent or stays pressed afterwards", async () => {
    const page = await openRunning();
    const first = live.gateway();
    live.scenario.onSocket = undefined;
    await page.keyboard.down("Shift");
    await hears(() => expect(live.sent("key")).toEqual([["65505", "1"]]));
    first.cut();
    await page.getByText("Connection lost.").waitFor();
    await page.keyboard.up("Shift");
    await page.keyboard.type("secret");
    live.scenario.onSocket = runSession;
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByText("Connected again.").waitFor();
    await page.keyboard.press("y");
    await hears(() => expect(live.sent("key")).toContainEqual(["121", "0"]));
    expect(live.sent("key").map(([keysym]) => keysym)).toEqual(["121", "121"]);
    expect(heldIn(live.sent("key"))).toEqual([]);
  });

  test("takes the picture's colour and the tools away until it is back", async () => {
    const page = await openRunning();
    live.scenario.onSocket = undefined;
    live.gateway().cut();
    await page.getByText("Connection lost.").waitFor();
    const filter = () => page.evaluate<string>("getComputedStyle(document.querySelector('.sp-picture')).filter");
    await expect.poll(filter).toContain("grayscale(1)");
    expect(await page.getByRole("button", { name: "End" }).isVisible()).toBe(false);
    live.scenario.onSocket = runSession;
    await page.getByText("Connected again.").waitFor({ timeout: 10_000 });
    await expect.poll(filter).toBe("none");
  });

  test("asks for the size that the window has by then", async () => {
    const page = await openRunning();
    live.scenario.onSocket = undefined;
    live.gateway().cut();
    await page.getByText("Connection lost.").waitFor();
    await page.setViewportSize({ width: 900, height: 600 });
    live.scenario.onSocket = runSession;
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByText("Connected again.").waitFor();
    expect(Object.fromEntries(live.gateway().connectData)).toMatchObject({ GUAC_WIDTH: "900", GUAC_HEIGHT: "600" });
  });

  test("of a session that ended meanwhile shows how it ended", async () => {
    const page = await openRunning();
    live.scenario.session = endedScenario("client_gone", null).session;
    live.gateway().cut();
    await page.getByRole("heading", { name: "You were away for more than 5 minutes" }).waitFor();
    expect(live.sockets()).toBe(1);
  });

  test("of somebody whose sign-in is over leads to signing in and back", async () => {
    const page = await openRunning();
    page.on("dialog", (dialog) => dialog.accept());
    live.scenario.session = undefined;
    live.scenario.problem = { status: 401, code: "unauthenticated", detail: "Sign in." };
    live.gateway().cut();
    await page.waitForURL(/\/\?next=%2Fclient%2Flive$/);
  });

  test("counts down once a second how long the session is kept, and says when that is over", async () => {
    const page = await live.open();
    await page.getByRole("button", { name: "End" }).waitFor();
    await page.clock.install();
    live.scenario.onSocket = undefined;
    live.gateway().cut();
    await page.getByText("Your session is kept for 5 min.").waitFor();
    await page.clock.runFor(12_000);
    await page.getByText("Your session is kept for 4 min 48 s.").waitFor();
    await page.clock.runFor(289_000);
    await page.getByText("The time it is kept for is over.").first().waitFor();
  });
});

test("a lost socket is tried again after 0.5, 1, 2 and 4 seconds, then every 5", async () => {
  const page = await openRunning();
  let looks = 0;
  page.on("request", (request) => {
    if (request.url().includes("/api/sessions/")) looks += 1;
  });
  await page.clock.install();
  await page.clock.pauseAt(new Date(Date.now() + 1000));
  await page.route("**/api/sessions/*", (route) => route.abort());
  live.gateway().cut();
  await page.getByText("Connection lost.").waitFor();
  looks = 0;
  for (const waitMs of [500, 1000, 2000, 4000, 5000, 5000]) {
    const before = looks;
    await page.clock.runFor(waitMs - 50);
    expect(looks).toBe(before);
    await page.clock.runFor(60);
    await expect.poll(() => looks).toBe(before + 1);
    await page.evaluate("new Promise((resolve) => queueMicrotask(resolve))");
  }
});

describe("a network that went silent", () => {
  test("is told as unstable after three seconds", async () => {
    const page = await openRunning();
    live.gateway().fallSilent();
    await page.getByText(/^Unstable, last answer [3-9] s ago$/).waitFor();
  });

  test.each(["online", "visibilitychange"])("is found out within two seconds of %s", async (event) => {
    const page = await openRunning();
    live.gateway().fallSilent();
    const target = event === "online" ? "window" : "document";
    await page.evaluate(`${target}.dispatchEvent(new Event("${event}"))`);
    await page.getByText("Connected again.").waitFor({ timeout: 4_000 });
    expect(live.sockets()).toBe(2);
  });

  test("while the device slept is found out when it wakes", async () => {
    const page = await openRunning();
    await page.clock.install();
    live.gateway().fallSilent();
    // Timers that were due while it slept come late, and once.
    await page.clock.fastForward("10:00");
    await page.clock.runFor(4_000);
    await page
      .getByText(/^Connection lost\.|Connected again\./)
      .first()
      .waitFor();
    await page.clock.resume();
    await expect.poll(() => live.sockets()).toBe(2);
  });

  test("that answers is not given up", async () => {
    const page = await openRunning();
    await page.clock.install();
    await page.evaluate("window.dispatchEvent(new Event('online'))");
    // What the gateway sends after its answer comes after it.
    await hears(() => expect(live.gateway().pings()).toBeGreaterThan(1));
    live.gateway().notice({ kind: "watching", name: "ops", mode: "view", joined: true, count: 1 });
    await page.getByText("ops is watching").waitFor();
    await page.clock.runFor(2_500);
    expect(live.sockets()).toBe(1);
    expect(await page.getByText("Connection lost.").count()).toBe(0);
  });
});

test("Reconnect attaches again to the same session and sends no disconnect", async () => {
  const page = await openRunning();
  const first = live.gateway();
  await page.getByRole("button", { name: "Reconnect" }).click();
  await page.getByText("Connected again.").waitFor();
  expect(live.sockets()).toBe(2);
  expect(first.received.filter(([opcode]) => opcode === "disconnect")).toEqual([]);
});

test("a Reconnect that finds no gateway says that the connection is lost", async () => {
  const page = await openRunning();
  await page.route("**/api/sessions/*", (route) => route.abort());
  await page.getByRole("button", { name: "Reconnect" }).click();
  await page.getByText("Connection lost.").waitFor();
  await page.unroute("**/api/sessions/*");
  await page.getByText("Connected again.").waitFor();
});

test("a socket that is lost before the first picture is opened again, the card staying", async () => {
  live.scenario.onSocket = (gateway) => gateway.notice({ kind: "step", step: "policy", state: "done", ms: 1 });
  const page = await live.open();
  await page.getByRole("heading", { name: "Connecting" }).waitFor();
  live.scenario.onSocket = runSession;
  live.gateway().cut();
  await page.getByText("Connection lost.").waitFor();
  await page.getByRole("button", { name: "End" }).waitFor();
  expect(live.sockets()).toBe(2);
});

test("connecting that is begun anew behind an open socket takes back the steps that were done", async () => {
  live.scenario.onSocket = (gateway) => {
    const tell = (step: string, state: string) => gateway.notice({ kind: "step", step, state });
    for (const step of ["policy", "target", "host"]) tell(step, "done");
    tell("picture", "running");
    tell("policy", "running");
    tell("policy", "done");
    tell("target", "running");
  };
  const page = await live.open();
  await page.getByRole("listitem").filter({ hasText: "Signing in to the target" }).waitFor();
  const states = await page
    .getByRole("listitem")
    .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-state")));
  expect(states.filter((state) => state !== null)).toEqual(["done", "running", "waiting", "waiting"]);
});

test.each([
  [776, "too slow"],
  [768, "bad grammar"],
])("an attachment closed with %i (%s) comes back", async (status) => {
  const page = await openRunning();
  live.gateway().close(status);
  await page.getByText("Connected again.").waitFor();
});

describe("a session that another window took", () => {
  test("says so, does not fight for it, and comes back when asked", async () => {
    const page = await openRunning();
    live.gateway().notice({ kind: "taken_over" });
    live.gateway().close(521);
    await page.getByRole("heading", { name: "This session is open in another window" }).waitFor();
    await page.clock.install();
    await page.evaluate("window.dispatchEvent(new Event('online'))");
    await page.clock.runFor(20_000);
    expect(live.sockets()).toBe(1);
    await page.clock.resume();
    await page.getByRole("button", { name: "Bring it back here" }).click();
    await page.getByRole("button", { name: "End" }).waitFor();
    expect(live.sockets()).toBe(2);
    await page.keyboard.press("x");
    await hears(() => expect(live.sent("key")).toHaveLength(2));
  });

  test("is known by the status alone", async () => {
    const page = await openRunning();
    live.gateway().close(521);
    await page.getByRole("heading", { name: "This session is open in another window" }).waitFor();
  });
});

test("a page of a session that runs connects at once, without its banner", async () => {
  live.scenario.session = { ...pendingSession, status: "active", banner: "Read me" };
  const page = await live.open();
  await page.getByRole("button", { name: "End" }).waitFor();
  expect(await page.getByText("Read me").count()).toBe(0);
});
