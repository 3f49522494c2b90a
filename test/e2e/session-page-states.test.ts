import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPageAssets } from "../../src/http/assets.ts";
import { openBrowser } from "../support/browser.ts";
import { type FakeSessionServer, startFakeSessionServer } from "../support/fake-session-server.ts";
import { sessionScenarios } from "../support/session-scenarios.ts";

// Every state of the session page in both colour schemes; its picture is left in screenshots/ to be looked at.

const publicPath = fileURLToPath(new URL("../../public", import.meta.url));
const states = [...Object.keys(sessionScenarios), "missing"];
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
  test.each(states)("%s keeps to its policy and axe finds nothing, on a desk and on a phone", async (state) => {
    for (const width of [1440, 390]) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: width === 390 ? 844 : 900 } });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (/policy|uncaught/i.test(message.text())) complaints.push(message.text());
      });
      await page.goto(`${server.origin}/client/${state}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.evaluate(
        "Promise.all(document.getAnimations().filter((a) => a.effect.getTiming().iterations === 1).map((a) => a.finished))",
      );
      await page.screenshot({ path: `screenshots/session/${state}-${colorScheme}-${width}.png` });
      expect(await axe(page)).toEqual([]);
      expect(complaints).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      await context.close();
    }
  });
});

test("no more than 40 KB of script, gzipped, come before the first picture", async () => {
  const { script, preloads } = await readPageAssets(publicPath, "src/web/session/main.ts");
  const files = await Promise.all([script, ...preloads].map((path) => readFile(`${publicPath}${path}`)));
  const bytes = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
  expect(bytes).toBeLessThanOrEqual(40_000);
});
