import type { Page } from "playwright-core";
import { runAxe } from "./run-axe.ts";

/** What axe finds on a page, and what only sideways scrolling would show. */
export const pageFaults = async (page: Page): Promise<string[]> => {
  const wider = await page.evaluate<number>(`(() => {
    const edges = Array.from(document.querySelectorAll("main :not(svg *, .cut *), form *, [role=dialog] *"), (part) => part.getBoundingClientRect().right);
    return Math.max(document.documentElement.scrollWidth, ...edges) - innerWidth;
  })()`);
  return [...(await runAxe(page)), ...(wider > 0.5 ? [`${wider} px too wide`] : [])];
};
