import type { RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { runAxe } from "./run-axe.ts";

/** What axe finds on a page, and what only sideways scrolling would show. Text that is cut to its place is no fault. */
export const pageFaults = async (page: Page, options: RunOptions = {}): Promise<string[]> => {
  const wider = await page.evaluate<number>(`(() => {
    const edges = Array.from(document.querySelectorAll(":is(main, form, [role=dialog]) :not(svg *, .cut *, .sp-path *)"), (part) => part.getBoundingClientRect().right);
    return Math.max(document.documentElement.scrollWidth, ...edges) - innerWidth;
  })()`);
  return [...(await runAxe(page, options)), ...(wider > 0.5 ? [`${wider} px too wide`] : [])];
};
