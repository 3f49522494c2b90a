import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { type FakeSessionServer, startFakeSessionServer } from "../support/fake-session-server.ts";
import { screens, showScheme } from "../support/looks.ts";
import { runAxe } from "../support/run-axe.ts";
import { sessionScenarios } from "../support/session-scenarios.ts";
import { reachSessionState, type SessionState, sessionStates } from "../support/session-states.ts";

// Every state of the session page in both colour schemes. `npm run screenshots` makes the pictures of them.

type Screen = keyof typeof screens;

let browser: Browser;
let server: FakeSessionServer;

beforeAll(async () => {
  browser = await openBrowser();
  server = await startFakeSessionServer(sessionScenarios);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** What is wrong with a state on a screen. Its colours are looked at in both schemes, and all else in the first. */
const faultsOf = async (state: SessionState, screen: Screen): Promise<string[]> => {
  const page = await browser.newPage(screens[screen]);
  try {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (/policy|uncaught/i.test(message.text())) complaints.push(message.text());
    });
    await page.emulateMedia({ colorScheme: "light" });
    await reachSessionState(page, server.origin, state);
    const light = await runAxe(page);
    const isWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
    await showScheme(page, "dark");
    if (state.isFleeting) await reachSessionState(page, server.origin, state);
    const dark = await runAxe(page, { runOnly: ["color-contrast"] });
    return [
      ...light.map((fault) => `${screen}, light: ${fault}`),
      ...(isWide ? [`${screen}: scrolls sideways`] : []),
      ...dark.map((fault) => `${screen}, dark: ${fault}`),
      ...complaints.map((complaint) => `${screen}: ${complaint}`),
    ];
  } finally {
    await page.close();
  }
};

test.each(sessionStates)("$name keeps to its policy and axe finds nothing, on a desk and on a phone", async (state) => {
  const faults = await Promise.all([faultsOf(state, "desk"), faultsOf(state, "phone")]);
  expect(faults.flat()).toEqual([]);
});
