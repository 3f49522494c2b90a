import type { Page } from "playwright-core";

/** Waits for the fonts and until every movement that ends has ended. */
export const settle = async (page: Page): Promise<void> => {
  await page.evaluate(`Promise.all([
    document.fonts.ready,
    ...document.getAnimations()
      .filter((animation) => animation.effect.getTiming().iterations === 1)
      .map((animation) => animation.finished.catch(() => undefined)),
  ]).then(() => undefined)`);
};
