/** Where time comes from; tests turn it by hand. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

/** For spans only: it begins anywhere, and no change of the host's time moves it. */
export const steadyClock: Clock = { nowMs: () => performance.now() };

/** RFC 3339 in UTC with `Z` and milliseconds, as every time on the wire is written. */
export const toRfc3339 = (epochMs: number): string => new Date(epochMs).toISOString();
