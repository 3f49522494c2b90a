import type { Browser, Page } from "playwright-core";
import { startFakeSessionServer } from "../support/fake-session-server.ts";
import { sessionScenarios } from "../support/session-scenarios.ts";
import { reachSessionState, sessionStates } from "../support/session-states.ts";
import { drawInEveryLook } from "./looks.ts";

/** The wanted states of the session page. Gives what went wrong. */
export const drawSession = async (browser: Browser, isWanted: (name: string) => boolean): Promise<string[]> => {
  const server = await startFakeSessionServer(sessionScenarios);
  const { origin } = server;
  const failures: string[] = [];
  try {
    for (const state of sessionStates.filter(({ name }) => isWanted(name))) {
      const reach = (page: Page) => reachSessionState(page, origin, state);
      const { name } = state;
      failures.push(...(await drawInEveryLook(browser, { folder: "session", name, url: origin, cookie: null, reach })));
    }
  } finally {
    await server.close();
  }
  return failures;
};
