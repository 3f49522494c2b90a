import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hears, type LivePage, startLivePage } from "../support/live-page.ts";
import { endedScenario, pendingSession, runSession } from "../support/session-scenarios.ts";

// Somebody who looks on, seen from both sides.

let live: LivePage;
beforeAll(async () => {
  live = await startLivePage();
});
afterEach(() => live.closePages());
afterAll(() => live?.close());

const activeSession = {
  ...pendingSession,
  status: "active" as const,
  started_at: "2026-11-24T13:55:10Z",
  created_by: "a.lindqvist@northwind.example",
};
const watch = async (): Promise<Page> => {
  live.scenario.session = activeSession;
  const page = await live.open({ query: "?mode=view" });
  await page.getByRole("button", { name: "Leave" }).waitFor();
  return page;
};

describe("who looks on", () => {
  test("is told whom they watch, and has no tool that reaches into the session", async () => {
    const page = await watch();
    await page.getByText("You are watching a.lindqvist on deploy@10.20.9.61. They know you are here.").waitFor();
    expect(live.gateway().connectData.get("mode")).toBe("view");
    for (const name of ["End", "Clipboard", "Keys", "Reconnect"])
      expect(await page.getByRole("button", { name }).count()).toBe(0);
  });

  test("sends no key, pointer, size or text", async () => {
    const page = await watch();
    await page.evaluate("navigator.clipboard.writeText('mine')");
    await page.keyboard.type("abc");
    await page.keyboard.press("Control+v");
    await page.mouse.click(500, 400);
    await page.mouse.wheel(0, 400);
    await page.setViewportSize({ width: 900, height: 600 });
    await page.evaluate("window.dispatchEvent(new Event('focus'))");
    const pings = live.gateway().pings();
    await hears(() => expect(live.gateway().pings()).toBeGreaterThan(pings));
    const opcodes = new Set(live.gateway().received.map(([opcode]) => opcode));
    for (const opcode of ["key", "mouse", "touch", "size", "clipboard", "argv"])
      expect([...opcodes]).not.toContain(opcode);
  });

  test("leaves to the sessions with Leave, unasked, and without ending anything", async () => {
    const page = await watch();
    await page.getByRole("button", { name: "Leave" }).click();
    await page.waitForURL(/\/$/);
    await hears(() => expect(live.sent("disconnect")).toEqual([[]]));
  });

  test("comes back after a lost connection, of which nothing is counted down", async () => {
    const page = await watch();
    live.gateway().cut();
    await page.getByText("Connection lost.").waitFor();
    expect(await page.getByText("Your session is kept").count()).toBe(0);
    await page.getByText("Connected again.").waitFor();
    expect(live.gateway().connectData.get("mode")).toBe("view");
  });

  test("waits for a session that has not started, and sees it when it does", async () => {
    live.scenario.session = { ...activeSession, status: "pending", started_at: null };
    const page = await live.open({ query: "?mode=view" });
    await page.getByText("The session has not started yet").waitFor();
    await page.getByText("This page opens it when it does.").waitFor();
    expect(live.sockets()).toBe(0);
    live.scenario.session = activeSession;
    await page.getByText("You are watching a.lindqvist").waitFor({ timeout: 8_000 });
  });

  test("is told the end as somebody else's, with nothing to start again", async () => {
    const page = await watch();
    const ended = endedScenario("closed", null).session;
    live.scenario.session = ended && { ...ended, created_by: activeSession.created_by };
    live.gateway().notice({ kind: "ended", end_reason: "closed", end_detail: null });
    live.gateway().close(523);
    await page.getByRole("heading", { name: "a.lindqvist ended the session" }).waitFor();
    expect(await page.getByRole("button", { name: "Start again" }).count()).toBe(0);
  });

  test("is sent to sign in and back to the same view", async () => {
    live.scenario.session = undefined;
    live.scenario.problem = { status: 401, code: "unauthenticated", detail: "Sign in." };
    const page = await live.open({ query: "?mode=view" });
    await page.waitForURL(/\/\?next=%2Fclient%2Flive%3Fmode%3Dview$/);
  });
});

describe("the owner", () => {
  const openRunning = async () => {
    const page = await live.open();
    await page.getByRole("button", { name: "End" }).waitFor();
    return page;
  };
  const joins = (name: string, joined: boolean, count: number) =>
    live.gateway().notice({ kind: "watching", name, mode: "view", joined, count });

  test("is told for four seconds who looks on, and sees how many do", async () => {
    const page = await openRunning();
    joins("a.lindqvist@northwind.example", true, 1);
    await page.getByText("a.lindqvist is watching").waitFor();
    await page.getByRole("img", { name: "a.lindqvist is watching" }).waitFor();
    await expect.poll(() => page.locator(".sp-strip").count(), { timeout: 6_000 }).toBe(0);
    joins("a.lindqvist@northwind.example", false, 0);
    await page.getByRole("img", { name: "a.lindqvist is watching" }).waitFor({ state: "hidden" });
  });

  test("counts nobody twice when it comes back and is told of them again", async () => {
    live.scenario.onSocket = (gateway) => {
      runSession(gateway);
      gateway.notice({ kind: "watching", name: "ops", mode: "view", joined: true, count: 1 });
    };
    const page = await openRunning();
    await page.getByRole("img", { name: "ops is watching" }).waitFor();
    live.gateway().cut();
    await page.getByText("Connected again.").waitFor();
    await page.mouse.move(600, 0);
    await page.getByRole("img", { name: "ops is watching" }).waitFor();
    joins("kim", true, 2);
    await page.getByRole("img", { name: "ops, kim are watching" }).waitFor();
    joins("ops", false, 1);
    await page.getByRole("img", { name: "kim is watching", exact: true }).waitFor();
  });

  test("is asked before ending only while somebody looks on", async () => {
    const page = await openRunning();
    joins("a.lindqvist", true, 1);
    await page.getByRole("button", { name: "End", exact: true }).click();
    await page.getByText("a.lindqvist is watching this session.").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(live.sent("disconnect")).toEqual([]);
    joins("a.lindqvist", false, 0);
    live.scenario.session = endedScenario("closed", null).session;
    await page.getByRole("button", { name: "End", exact: true }).click();
    await page.getByRole("heading", { name: "You ended the session" }).waitFor();
    expect(live.sent("disconnect")).toEqual([[]]);
  });

  test("ends it for everyone when that is confirmed", async () => {
    live.scenario.onSocket = (gateway) => {
      runSession(gateway);
      gateway.notice({ kind: "watching", name: "ops", mode: "view", joined: true, count: 1 });
    };
    const page = await openRunning();
    await page.getByText("ops is watching").waitFor();
    await page.getByRole("button", { name: "End", exact: true }).click();
    live.scenario.session = endedScenario("closed", null).session;
    await page.getByRole("button", { name: "End session" }).click();
    await page.getByRole("heading", { name: "You ended the session" }).waitFor();
    await hears(() => expect(live.sent("disconnect")).toEqual([[]]));
  });
});
