import type { RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import type { Role } from "../../src/core/principal.ts";
import type { portalPlaces } from "./portal-places.ts";
import { settle } from "./settle.ts";

/** A state of a page of the portal: who looks, where, and what is done until it is seen. One more is one more line. */
export interface PortalState {
  readonly name: string;
  readonly path: string;
  /** Null: nobody is signed in. */
  readonly who: Role | null;
  readonly place: keyof typeof portalPlaces;
  /** Before the page is opened: answers that a real gateway does not give on demand. */
  readonly before?: (page: Page) => Promise<unknown>;
  /** Of axe, where a page is not all ours. */
  readonly axe?: RunOptions;
  readonly reach: (page: Page) => Promise<unknown>;
}

/** Opens the state at a gateway of its place, and waits until nothing of it moves any more. */
export const reachPortalState = async (page: Page, origin: string, state: PortalState): Promise<void> => {
  await state.before?.(page);
  await page.goto(origin + state.path);
  await state.reach(page);
  await settle(page);
};
