import type { Clock } from "../../src/core/clock.ts";

/** A clock that stands until it is turned. */
export const fakeClock = (startMs = 1_000_000): Clock & { turn(seconds: number): void } => {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    turn: (seconds) => {
      nowMs += seconds * 1000;
    },
  };
};
