import type { Browser, Page } from "playwright-core";
import { openPage } from "../support/browser.ts";
import { screens } from "../support/looks.ts";

/** How each state is looked at: both schemes, at a desk and on a phone. */
const looks = (["light", "dark"] as const).flatMap((colorScheme) =>
  Object.values(screens).map((screen) => ({ colorScheme, ...screen })),
);

/**
 * Draws one state in every look, into `screenshots/FOLDER/NAME-SCHEME-WIDTH.png`. Gives what went wrong: one state that cannot be
 * reached does not keep the others from being drawn.
 */
export const drawInEveryLook = async (
  browser: Browser,
  state: {
    folder: string;
    name: string;
    url: string;
    cookie: string | null;
    reach: (page: Page) => Promise<void>;
  },
): Promise<string[]> => {
  const failures: string[] = [];
  const { folder, name, url, cookie, reach } = state;
  for (const look of looks) {
    const page =
      cookie === null
        ? await (await browser.newContext(look)).newPage()
        : await openPage(browser, { url, cookie, context: look });
    page.setDefaultTimeout(10_000);
    const file = `${folder}/${name}-${look.colorScheme}-${look.viewport.width}.png`;
    try {
      await reach(page);
    } catch (error) {
      failures.push(`${file}: ${error instanceof Error ? error.message.split("\n", 1)[0] : error}`);
    }
    await page.screenshot({ path: `screenshots/${file}` });
    await page.context().close();
  }
  return failures;
};
