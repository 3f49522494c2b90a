import { openBrowser } from "../support/browser.ts";
import { drawPortal } from "./portal.ts";
import { drawReadme } from "./readme.ts";
import { drawSession } from "./session.ts";

// `npm run screenshots`: the README's pictures, and every state of every page into screenshots/.
// `npm run screenshots portal sign-in`: of that set the states whose names begin so.

const sets = { readme: drawReadme, portal: drawPortal, session: drawSession };
const [chosen, ...beginnings] = process.argv.slice(2);
const wanted = Object.entries(sets).filter(([name]) => chosen === undefined || name === chosen);
if (wanted.length === 0) {
  console.error(`There are no pictures called ${chosen}. There are: ${Object.keys(sets).join(", ")}.`);
  process.exit(2);
}
const isWanted = (state: string): boolean =>
  beginnings.length === 0 || beginnings.some((beginning) => state.startsWith(beginning));

const browser = await openBrowser();
const failures: string[] = [];
try {
  for (const [name, draw] of wanted) {
    console.log(`Drawing ${name} …`);
    failures.push(...(await draw(browser, isWanted)));
  }
} finally {
  await browser.close();
}
for (const failure of failures) console.error(`Not reached: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
