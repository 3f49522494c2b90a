import { setTimeout as delay } from "node:timers/promises";

/**
 * Waits until something is so, for at most 20 s. For tests that count what their process holds: vitest keeps what its own polls
 * saw until the test is over, which would look like a leak.
 */
export const until = async (isSo: () => Promise<boolean>, what: string): Promise<void> => {
  for (const deadlineMs = performance.now() + 20_000; !(await isSo()); await delay(50))
    if (performance.now() > deadlineMs) throw new Error(`not within 20 s: ${what}`);
};
