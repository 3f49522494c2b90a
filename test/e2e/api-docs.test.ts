import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { send } from "../support/http.ts";
import { type PortalWorld, startPortalWorld } from "../support/portal-world.ts";
import { runAxe, wcagRules } from "../support/run-axe.ts";

// The page that shows the OpenAPI document, on a real gateway, for somebody who is not signed in.

let world: PortalWorld;

beforeAll(async () => {
  world = await startPortalWorld();
});
afterAll(() => world?.close());
afterEach(() => world.closePages());

/** Opens the page and keeps what it asks for and what it complains about. */
const open = async (context = {}): Promise<{ page: Page; asked: string[]; faults: string[] }> => {
  const page = await (await world.browser.newContext(context)).newPage();
  const asked: string[] = [];
  const faults: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  await page.addInitScript(`addEventListener("securitypolicyviolation", (event) =>
    console.error("content policy: " + event.violatedDirective + " " + event.blockedURI + " " + event.sample))`);
  await page.goto(`${world.gateway.url}/api-docs`);
  await page.locator(".opblock").first().waitFor();
  return { page, asked, faults };
};

const operation = (page: Page, path: string) => page.locator(".opblock", { hasText: path }).first();

test("every operation of the document is there, without signing in", async () => {
  const { page } = await open();
  const document: { paths: Record<string, object> } = JSON.parse(
    (await send(`${world.gateway.url}/api/v1/api-docs`)).text,
  );
  const paths = Object.keys(document.paths);
  expect(paths.length).toBeGreaterThan(5);
  const shown = await page.locator(".opblock-summary-path").allTextContents();
  const plain = shown.map((path) => path.replaceAll("\u200b", ""));
  expect(paths.filter((path) => !plain.includes(path))).toEqual([]);
});

describe.each(["light", "dark"] as const)("in the %s scheme", (colorScheme) => {
  test("nothing breaks the content policy, fails, or asks another host, with everything opened", async () => {
    const { page, asked, faults } = await open({ colorScheme });
    for (const block of await page.locator(".opblock-summary-control").all()) await block.click();
    await page.locator(".models-control").first().click();
    await page.locator(".opblock-body").last().waitFor();
    expect(faults).toEqual([]);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((url) => new URL(url).origin !== world.gateway.url && !url.startsWith("data:"))).toEqual([]);
  });

  test("the page is as dark as the person asked for, and readable", async () => {
    const { page } = await open({ colorScheme });
    const background = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    const [red = 0] = /\d+/.exec(background)?.map(Number) ?? [];
    expect(red < 128).toBe(colorScheme === "dark");
    await operation(page, "/api/sessions").locator(".opblock-summary-control").click();
    await page.getByText("Responses").first().waitFor();
    expect(await runAxe(page, wcagRules)).toEqual([]);
  });
});

test("it is for reading: nothing can be sent and no key typed", async () => {
  const { page } = await open();
  await operation(page, "/api/sessions").locator(".opblock-summary-control").click();
  await page.getByText("Responses").first().waitFor();
  expect(await page.locator(".try-out, .authorize, .authorization__btn").count()).toBe(0);
});

test("a link leads to one operation", async () => {
  const { page } = await open();
  await operation(page, "/api/health").locator(".opblock-summary-control").click();
  await page.waitForURL("**/api-docs#/**");
  const again = await (await world.browser.newContext()).newPage();
  await again.goto(page.url());
  await again.locator(".opblock.is-open", { hasText: "/api/health" }).waitFor();
});

test("its program is loaded on this page only", async () => {
  const { page } = await open();
  const script = await page.locator("script[src]").getAttribute("src");
  expect(script).toMatch(/^\/assets\/apiDocs-/);
  expect((await send(world.gateway.url)).text).not.toContain("apiDocs");
});
