import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { hears, type LivePage, startLivePage } from "../support/live-page.ts";
import { endedScenario } from "../support/session-scenarios.ts";

// What the page says before a session ends by itself.

let live: LivePage;
beforeAll(async () => {
  live = await startLivePage();
});
afterEach(() => live.closePages());
afterAll(() => live?.close());

const openRunning = async () => {
  const page = await live.open();
  await page.getByRole("button", { name: "End" }).waitFor();
  return page;
};
const expires = (limit: "idle" | "max_duration", seconds: number | null) =>
  live.gateway().notice({ kind: "expires", limit, seconds });

test("an idle session is asked for, counts down, and Stay counts as input without typing anything", async () => {
  const page = await openRunning();
  await page.clock.install();
  expires("idle", 120);
  await page.getByText("Still there?").waitFor();
  await page.getByText("This session ends in 2 min.").waitFor();
  await page.clock.runFor(61_000);
  await page.getByText("This session ends in 59 s.").waitFor();
  await page.getByRole("button", { name: "Stay" }).click();
  await hears(() => expect(live.sent("key")).toEqual([["65505", "0"]]));
  expires("idle", null);
  await page.getByText("Still there?").waitFor({ state: "detached" });
});

test("the countdown is told aloud at 30 and 10 seconds, and in between it is silent", async () => {
  const page = await openRunning();
  await page.clock.install();
  expires("idle", 40);
  await page.getByText("Still there?").waitFor();
  const aloud = page.locator(".sp-strips > [role=status]");
  expect(await aloud.textContent()).toBe("");
  await page.clock.runFor(10_000);
  expect(await aloud.textContent()).toBe("This session ends in 30 s.");
  await page.clock.runFor(15_000);
  expect(await aloud.textContent()).toBe("This session ends in 30 s.");
  await page.clock.runFor(5_000);
  expect(await aloud.textContent()).toBe("This session ends in 10 s.");
});

test("the longest session is told with the time of its end and its limit, and nothing stays it", async () => {
  const page = await openRunning();
  expires("max_duration", 300);
  const at = new Date(Date.now() + 300_000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  await page.getByText(`This session ends at ${at}, its 8-hour limit.`).waitFor();
  expect(await page.getByRole("button", { name: "Stay" }).count()).toBe(0);
});

test("a lost connection stands before every other warning, which is back when it is", async () => {
  const page = await openRunning();
  expires("idle", 120);
  await page.getByText("Still there?").waitFor();
  const accept = live.scenario.onSocket;
  live.scenario.onSocket = undefined;
  live.gateway().cut();
  await page.getByText("Connection lost.").waitFor();
  expect(await page.locator(".sp-strip").count()).toBe(1);
  live.scenario.onSocket = accept;
  await page.getByRole("button", { name: "Try now" }).click();
  await page.getByText("Still there?").waitFor();
});

test.each([
  ["idle", "Ended after 1 hour without input"],
  ["max_duration", "Ended at the 8-hour limit"],
] as const)("an end by %s names the limit", async (reason, title) => {
  const page = await openRunning();
  live.scenario.session = endedScenario(reason, "There was no input for 1 hour.").session;
  live.gateway().notice({ kind: "ended", end_reason: reason, end_detail: null });
  live.gateway().close(522);
  await page.getByRole("heading", { name: title }).waitFor();
});
