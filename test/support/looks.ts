import type { Page } from "playwright-core";
import { settle } from "./settle.ts";

/** The screens that pages are looked at on. */
export const screens = {
  desk: { viewport: { width: 1440, height: 900 }, hasTouch: false },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true },
} as const;

/** A desk at 400 % zoom, which is what a page of this size is (WCAG 2.2, 1.4.10). */
export const zoomedViewport = { width: 320, height: 256 } as const;

/** Turns the system's colour scheme under an open page, and waits until the page has followed. */
export const showScheme = async (page: Page, colorScheme: "light" | "dark"): Promise<void> => {
  await page.emulateMedia({ colorScheme });
  // Pages without a script follow by themselves.
  const follows = `html[data-mantine-color-scheme="${colorScheme}"], html:not([data-mantine-color-scheme])`;
  await page.locator(follows).waitFor({ state: "attached" });
  await settle(page);
};

/** Gives an open page another size, and waits until it has followed. */
export const resize = async (page: Page, viewport: { width: number; height: number }): Promise<void> => {
  await page.setViewportSize(viewport);
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  await settle(page);
};
