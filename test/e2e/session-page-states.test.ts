import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { type FakeSessionServer, startFakeSessionServer } from "../support/fake-session-server.ts";
import { runAxe } from "../support/run-axe.ts";
import { sessionScenarios } from "../support/session-scenarios.ts";
import { reachSessionState, sessionStates } from "../support/session-states.ts";

// Every state of the session page in both colour schemes. `npm run screenshots` makes the pictures of them.

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

describe.each(["light", "dark"] as const)("in the %s scheme", (colorScheme) => {
  test.each(sessionStates)(
    "$name keeps to its policy and axe finds nothing, on a desk and on a phone",
    async (state) => {
      for (const width of [1440, 390]) {
        const isNarrow = width === 390;
        const context = await browser.newContext({
          colorScheme,
          viewport: { width, height: isNarrow ? 844 : 900 },
          hasTouch: isNarrow,
        });
        const page = await context.newPage();
        const complaints: string[] = [];
        page.on("pageerror", (error) => complaints.push(String(error)));
        page.on("console", (message) => {
          if (/policy|uncaught/i.test(message.text())) complaints.push(message.text());
        });
        await reachSessionState(page, server.origin, state);
        expect(await runAxe(page)).toEqual([]);
        expect(complaints).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
        await context.close();
      }
    },
  );
});
