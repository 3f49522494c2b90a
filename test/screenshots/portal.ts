import type { Browser } from "playwright-core";
import { openBusyPlace, openCrowdedPlace, openEmptyPlace } from "../support/portal-places.ts";
import { type PortalState, portalStates } from "../support/portal-states.ts";
import { settle } from "../support/settle.ts";
import { drawInEveryLook } from "./looks.ts";

const places = { empty: openEmptyPlace, busy: openBusyPlace, crowded: openCrowdedPlace };

/** The wanted states of the portal's pages. Gives what went wrong. */
export const drawPortal = async (browser: Browser, isWanted: (name: string) => boolean): Promise<string[]> => {
  const failures: string[] = [];
  for (const [place, open] of Object.entries(places)) {
    const states = portalStates.filter((state) => state.place === place && isWanted(state.name));
    if (states.length === 0) continue;
    const { gateway, cookies, close } = await open();
    const draw = (state: PortalState) =>
      drawInEveryLook(browser, {
        folder: "portal",
        name: state.name,
        url: gateway.url,
        cookie: state.who === null ? null : cookies[state.who],
        reach: async (page) => {
          await state.before?.(page);
          await page.goto(gateway.url + state.path);
          await state.reach(page);
          await settle(page);
        },
      });
    try {
      for (const state of states) failures.push(...(await draw(state)));
    } finally {
      await close();
    }
  }
  return failures;
};
