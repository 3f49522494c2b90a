import type { Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type LivePage, startLivePage } from "../support/live-page.ts";
import { type PortalWorld, startPortalWorld } from "../support/portal-world.ts";
import { usualRateLimits } from "../support/rate-limits.ts";

// What people see of rate limits: how long to wait, and that pages which read by themselves go on by themselves.

let world: PortalWorld;
let live: LivePage;
beforeAll(async () => {
  world = await startPortalWorld(usualRateLimits);
  live = await startLivePage();
});
afterEach(async () => {
  await world.closePages();
  await live.closePages();
});
afterAll(async () => {
  await live?.close();
  await world?.close();
});

const tooMany = (seconds: number) => (route: Route) =>
  route.fulfill({
    status: 429,
    headers: { "retry-after": String(seconds), "content-type": "application/problem+json" },
    body: JSON.stringify({ code: "rate_limited", detail: `Too many requests. Wait ${seconds} s.` }),
  });
const admin = async (): Promise<Page> => {
  return world.newPage("admin");
};
const secondsIn = async (page: Page, words: RegExp): Promise<number> => {
  const text = await page.getByText(words).first().textContent();
  return Number(/(\d+) s/.exec(text ?? "")?.[1]);
};

test("after five wrong keys the sign-in page counts down until the next try may be made", async () => {
  const page = await (await world.browser.newContext()).newPage();
  await page.clock.install();
  await page.goto(world.gateway.url);
  const key = page.getByLabel("API key or token");
  const button = page.getByRole("button", { name: "Sign in with key" });
  for (let tried = 0; tried < 6; tried += 1) {
    await key.fill(`sp_wrong${tried}`);
    const answered = page.waitForResponse("**/auth/key");
    await button.click();
    await answered;
  }
  const notice = page.getByRole("alert");
  await notice.getByText("Too many tries.").waitFor();
  const left = await secondsIn(page, /^Wait \d+ s/);
  expect(left).toBeGreaterThan(20);
  expect(left).toBeLessThanOrEqual(60);
  expect(await button.isDisabled()).toBe(true);
  await page.clock.runFor(10_000);
  expect(await secondsIn(page, /^Wait \d+ s/)).toBeLessThanOrEqual(left - 10);
  await page.clock.runFor(60_000);
  await notice.waitFor({ state: "detached" });
  expect(await button.isEnabled()).toBe(true);
});

describe("a portal page that is told to wait", () => {
  test("says how long, and reads again by itself when that is over", async () => {
    const page = await admin();
    await page.clock.install();
    await page.route("**/api/admin/keys*", tooMany(12));
    await page.goto(`${world.gateway.url}/admin/keys`);
    await page.getByText("Too many requests").waitFor();
    await page.getByText("Wait 12 s.").waitFor();
    expect(await secondsIn(page, /Next try in \d+ s/)).toBeLessThanOrEqual(12);
    await page.clock.runFor(9_000);
    await page.unroute("**/api/admin/keys*");
    expect(await page.getByText("first-admin").count()).toBe(0);
    await page.clock.runFor(4_000);
    await page.getByText("first-admin").waitFor();
  });

  test("does so before it knows who is there, too", async () => {
    const page = await admin();
    await page.clock.install();
    await page.route("**/api/me", tooMany(5), { times: 1 });
    await page.goto(world.gateway.url);
    await page.getByText("Too many requests").waitFor();
    await page.clock.runFor(6_000);
    await page.getByRole("heading", { name: "Welcome to Sallyport" }).waitFor();
  });

  test("keeps its list and hears the gateway again when the wait for its events is over", async () => {
    const page = await admin();
    await page.clock.install();
    await page.route("**/api/events", tooMany(20), { times: 1 });
    await page.goto(world.gateway.url);
    await page.getByText("Too many requests").waitFor();
    await page.clock.runFor(17_000);
    expect(await page.getByRole("heading", { name: "Welcome to Sallyport" }).count()).toBe(0);
    await page.clock.runFor(5_000);
    await page.getByRole("heading", { name: "Welcome to Sallyport" }).waitFor();
  });
});

describe("a session page that is told to wait", () => {
  const refusal = { status: 429, code: "rate_limited", detail: "Too many requests. Wait 3 s.", retryAfterSeconds: 3 };

  test("says how long, and opens the session by itself when that is over", async () => {
    live.scenario.problem = refusal;
    const page = await live.open();
    await page.getByRole("heading", { name: "Too many requests" }).waitFor();
    await page.getByText(/^Trying again in [123] s\.$/).waitFor();
    live.scenario.problem = undefined;
    await page.getByRole("button", { name: "End" }).waitFor();
  });

  test("does so where only its socket is refused, too", async () => {
    live.scenario.onSocket = undefined;
    const page = await live.open({ init: "" });
    await page.getByRole("heading", { name: "The gateway does not answer" }).waitFor();
    await page.route("**/ws/live", tooMany(2));
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByRole("heading", { name: "Too many requests" }).waitFor();
    await page.getByText(/^Trying again in [12] s\.$/).waitFor();
  });
});
