import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds on a page, and what only sideways scrolling would show. */
export const pageFaults = async (page: Page): Promise<string[]> => {
  await page.evaluate(axeSource);
  return page.evaluate<string[]>(`(async () => {
    const { violations } = await axe.run();
    const edges = Array.from(document.querySelectorAll("main :not(svg *, .cut *), form *, [role=dialog] *"), (part) => part.getBoundingClientRect().right);
    const wider = Math.max(document.documentElement.scrollWidth, ...edges) - innerWidth;
    return [
      ...violations.map(({ id, nodes }) => id + " at " + nodes.map((node) => node.target.join(" ")).join(", ")),
      ...(wider > 0.5 ? [wider + " px too wide"] : []),
    ];
  })()`);
};
