import type { Page } from "playwright-core";
import { sessionScenarios } from "./session-scenarios.ts";
import { settle } from "./settle.ts";

/** A state of the session page against the scripted gateway. */
export interface SessionState {
  readonly name: string;
  /** The scenario that shows it; absent when it has the state's own name. */
  readonly scenario?: string;
  readonly query?: string;
  /** It turns into another one by itself, soon. */
  readonly isFleeting?: true;
  /** What a person does until it is seen. */
  readonly reach?: (page: Page) => Promise<void>;
}

const says = (text: string | RegExp) => async (page: Page) => page.getByText(text).first().waitFor();
const isPhone = (page: Page) => (page.viewportSize()?.width ?? 0) < 600;
const presses = (name: string, opens: string) => async (page: Page) => {
  await page.getByRole("button", { name: "Clipboard" }).waitFor();
  const tool = page.getByRole("button", { name, exact: true });
  if (isPhone(page) && !(await tool.first().isVisible())) await page.getByRole("button", { name: "More" }).click();
  await tool.first().click();
  await page.locator(".sp-panel, .sp-popover").getByText(opens).first().waitFor();
};

const reached: Readonly<Record<string, Omit<SessionState, "name">>> = {
  prompt: { reach: says("2 tries left.") },
  question: { reach: says("Verification code from your device") },
  hopquestion: { reach: says("Hop 2, db-gw, asks") },
  lost: { isFleeting: true, reach: says("Connection lost.") },
  lostearly: { isFleeting: true, reach: says("Connection lost.") },
  unstable: { isFleeting: true, reach: says(/^Unstable, last answer/) },
  idle: { reach: says("Still there?") },
  maximum: { reach: says("its 8-hour limit") },
  watched: { isFleeting: true, reach: says("is watching") },
  watcher: { query: "?mode=view", reach: says("You are watching") },
  notstarted: { query: "?mode=view" },
  elsewhere: { reach: says("This session is open in another window") },
};
const opened: readonly SessionState[] = [
  { name: "keys-panel", scenario: "running", reach: presses("Keys", "Hold down") },
  { name: "clipboard-panel", scenario: "running", reach: presses("Clipboard", "To the target") },
  { name: "more-panel", scenario: "desktop", reach: presses("More", "Zoom") },
  { name: "end-panel", scenario: "watched", reach: presses("End", "End for everyone?") },
  {
    name: "phone-locked",
    scenario: "running",
    reach: async (page) => {
      if (isPhone(page)) await page.getByRole("button", { name: "Ctrl" }).click();
    },
  },
];
export const sessionStates: readonly SessionState[] = [
  ...Object.keys(sessionScenarios).map((name): SessionState => ({ name, ...reached[name] })),
  ...opened,
  { name: "missing" },
];

/** Opens the state on a server of `sessionScenarios`, and waits until nothing of it moves into place any more. */
export const reachSessionState = async (page: Page, origin: string, state: SessionState): Promise<void> => {
  const { name, scenario = name, query = "", reach } = state;
  await page.goto(`${origin}/client/${scenario}${query}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await reach?.(page);
  await settle(page);
};
