import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { type FakeSessionServer, startFakeSessionServer } from "../support/fake-session-server.ts";
import { sessionScenarios } from "../support/session-scenarios.ts";

// Every state of the session page in both colour schemes; its picture is left in screenshots/ to be looked at.

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

interface State {
  readonly name: string;
  /** The scenario that shows it; absent when it has the state's own name. */
  readonly scenario?: string;
  readonly query?: string;
  /** What a person does until it is seen. */
  readonly reach?: (page: Page) => Promise<void>;
}

const says = (text: string | RegExp) => async (page: Page) => page.getByText(text).first().waitFor();
const isPhone = (page: Page) => (page.viewportSize()?.width ?? 0) < 600;
const presses = (name: string, opens: string) => async (page: Page) => {
  await page.getByRole("button", { name: "Clipboard" }).waitFor();
  const tool = page.getByRole("button", { name, exact: true });
  if (isPhone(page) && !(await tool.first().isVisible())) await page.getByRole("button", { name: "More" }).click();
  await tool.first().click();
  await page.locator(".sp-panel, .sp-popover").getByText(opens).first().waitFor();
};

const reached: Readonly<Record<string, Omit<State, "name">>> = {
  prompt: { reach: says("2 tries left.") },
  question: { reach: says("Verification code from your device") },
  lost: { reach: says("Connection lost.") },
  lostearly: { reach: says("Connection lost.") },
  unstable: { reach: says(/^Unstable, last answer/) },
  idle: { reach: says("Still there?") },
  maximum: { reach: says("its 8-hour limit") },
  watched: { reach: says("is watching") },
  watcher: { query: "?mode=view", reach: says("You are watching") },
  notstarted: { query: "?mode=view" },
  elsewhere: { reach: says("This session is open in another window") },
};
const opened: readonly State[] = [
  { name: "keys-panel", scenario: "running", reach: presses("Keys", "Hold down") },
  { name: "clipboard-panel", scenario: "running", reach: presses("Clipboard", "To the target") },
  { name: "more-panel", scenario: "desktop", reach: presses("More", "Zoom") },
  { name: "end-panel", scenario: "watched", reach: presses("End", "End for everyone?") },
  {
    name: "phone-locked",
    scenario: "running",
    reach: async (page) => {
      if (isPhone(page)) await page.getByRole("button", { name: "Ctrl" }).click();
    },
  },
];
const states: readonly State[] = [
  ...Object.keys(sessionScenarios).map((name): State => ({ name, ...reached[name] })),
  ...opened,
  { name: "missing" },
];

const axe = async (page: Page): Promise<string[]> => {
  const source = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: source });
  const { violations } = await page.evaluate<AxeResults>("window.axe.run(document)");
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
};

describe.each(["light", "dark"] as const)("in the %s scheme", (colorScheme) => {
  test.each(states)("$name keeps to its policy and axe finds nothing, on a desk and on a phone", async (state) => {
    const { name, scenario = name, query = "", reach } = state;
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
      await page.goto(`${server.origin}/client/${scenario}${query}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await reach?.(page);
      await page.evaluate(
        "Promise.all(document.getAnimations().filter((a) => a.effect.getTiming().iterations === 1).map((a) => a.finished))",
      );
      await page.screenshot({ path: `screenshots/session/${name}-${colorScheme}-${width}.png` });
      expect(await axe(page)).toEqual([]);
      expect(complaints).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      await context.close();
    }
  });
});
