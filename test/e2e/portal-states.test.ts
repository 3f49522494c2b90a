import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, signedInContext } from "../support/browser.ts";
import { resize, screens, showScheme, zoomedViewport } from "../support/looks.ts";
import { pageFaults } from "../support/page-faults.ts";
import { watchPage } from "../support/page-watch.ts";
import { type PortalPlace, portalPlaces } from "../support/portal-places.ts";
import { type PortalState, reachPortalState } from "../support/portal-state.ts";
import { portalStates } from "../support/portal-states.ts";

// Every state of every page of the portal, in both schemes, wide, on a phone, and at 400 % zoom. `npm run screenshots`
// makes the pictures of them.

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

type Screen = keyof typeof screens;

describe.each(["empty", "busy", "crowded"] as const)("where it is %s", (placeName) => {
  let place: PortalPlace;
  /** One for each person and screen: a page opens faster where the browser has its programs already. */
  const contexts = new Map<string, Promise<BrowserContext>>();
  beforeAll(async () => {
    place = await portalPlaces[placeName]();
  }, 60_000);
  afterAll(async () => {
    await Promise.all([...contexts.values()].map(async (context) => (await context).close()));
    await place?.close();
  });

  const newPage = async (who: PortalState["who"], screen: Screen): Promise<Page> => {
    const key = `${who} ${screen}`;
    const open = () =>
      who === null
        ? browser.newContext(screens[screen])
        : signedInContext(browser, { url: place.gateway.url, cookie: place.cookies[who], context: screens[screen] });
    const context = contexts.get(key) ?? open();
    contexts.set(key, context);
    return (await context).newPage();
  };

  /** What is wrong with a state on a screen. Its colours are looked at in both schemes, and all else in the first. */
  const faultsOf = async (state: PortalState, screen: Screen): Promise<string[]> => {
    const page = await newPage(state.who, screen);
    try {
      const { url } = place.gateway;
      const watch = await watchPage(page, url);
      await page.emulateMedia({ colorScheme: "light" });
      await reachPortalState(page, url, state);
      const light = await pageFaults(page, state.axe);
      await showScheme(page, "dark");
      const dark = await pageFaults(page, { runOnly: ["color-contrast"] });
      const zoomed = screen === "desk" ? await faultsZoomed(page, state) : [];
      const expected = state.before === undefined ? refusal : refusalOrFailure;
      const complaints = watch.complaints().filter((complaint) => !expected.test(complaint));
      return [
        ...light.map((fault) => `${screen}, light: ${fault}`),
        ...dark.map((fault) => `${screen}, dark: ${fault}`),
        ...zoomed.map((fault) => `at 400 %: ${fault}`),
        ...complaints.map((complaint) => `${screen}: ${complaint}`),
      ];
    } finally {
      await page.close();
    }
  };

  test.each(portalStates.filter((state) => state.place === placeName))(
    "$name breaks no accessibility rule, not the content policy nor the width, and asks no other host",
    async (state) => {
      const faults = await Promise.all([faultsOf(state, "desk"), faultsOf(state, "phone")]);
      expect(faults.flat()).toEqual([]);
    },
  );
});

const faultsZoomed = async (page: Page, { axe }: PortalState): Promise<string[]> => {
  await showScheme(page, "light");
  await resize(page, zoomedViewport);
  return pageFaults(page, axe);
};

/** What the browser says of refusals that are part of a state, and of answers that are made up for one. */
const refusal = /status of 4\d\d/;
const refusalOrFailure = /status of (4\d\d|500)|net::ERR_FAILED/;
