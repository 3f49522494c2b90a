import type { Browser } from "playwright-core";
import { portalPlaces } from "../support/portal-places.ts";
import { type PortalState, reachPortalState } from "../support/portal-state.ts";
import { portalStates } from "../support/portal-states.ts";
import { drawInEveryLook } from "./looks.ts";

/** The wanted states of the portal's pages. Gives what went wrong. */
export const drawPortal = async (browser: Browser, isWanted: (name: string) => boolean): Promise<string[]> => {
  const failures: string[] = [];
  for (const [place, open] of Object.entries(portalPlaces)) {
    const states = portalStates.filter((state) => state.place === place && isWanted(state.name));
    if (states.length === 0) continue;
    const { gateway, cookies, close } = await open();
    const draw = (state: PortalState) =>
      drawInEveryLook(browser, {
        folder: "portal",
        name: state.name,
        url: gateway.url,
        cookie: state.who === null ? null : cookies[state.who],
        reach: (page) => reachPortalState(page, gateway.url, state),
      });
    try {
      for (const state of states) failures.push(...(await draw(state)));
    } finally {
      await close();
    }
  }
  return failures;
};
