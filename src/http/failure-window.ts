import type { Clock } from "../core/clock.ts";
import type { Quota } from "./quota.ts";

const windowMs = 60_000;
/** More keys than this and those whose last failure is the longest ago are forgotten. */
const maxKeys = 10_000;

/** Counts failures by key over the last minute. */
export class FailureWindow {
  readonly #clock: Clock;
  /** Times of failures, at most as many as the limit; the key whose last one is the longest ago first. */
  readonly #failures = new Map<string, readonly number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#failures.size;
  }

  /** How a key stands, with nothing counted. */
  look(key: string, limit: number): Quota {
    const times = this.#recent(key);
    const untilGone = (timeMs: number | undefined) =>
      timeMs === undefined ? 0 : Math.ceil((timeMs + windowMs - this.#clock.nowMs()) / 1000);
    const remaining = Math.max(0, limit - times.length);
    return {
      limit,
      remaining,
      resetSeconds: untilGone(times.at(-1)),
      retryAfterSeconds: remaining > 0 ? null : untilGone(times.at(-limit)),
    };
  }

  /** Counts a failure, unless the limit is reached already. */
  count(key: string, limit: number): Quota {
    const quota = this.look(key, limit);
    if (quota.retryAfterSeconds !== null) return quota;
    const nowMs = this.#clock.nowMs();
    const times = [...this.#recent(key), nowMs];
    this.#failures.delete(key);
    this.#failures.set(key, times);
    this.#forget(nowMs);
    return { ...this.look(key, limit), retryAfterSeconds: null };
  }

  /** Takes the last failure of a key back. */
  forgive(key: string): void {
    const times = this.#recent(key).slice(0, -1);
    if (times.length === 0) this.#failures.delete(key);
    else this.#failures.set(key, times);
  }

  #recent(key: string): readonly number[] {
    const sinceMs = this.#clock.nowMs() - windowMs;
    return (this.#failures.get(key) ?? []).filter((timeMs) => timeMs > sinceMs);
  }

  #forget(nowMs: number): void {
    for (const [key, times] of this.#failures) {
      if (this.#failures.size <= maxKeys && (times.at(-1) ?? 0) > nowMs - windowMs) return;
      this.#failures.delete(key);
    }
  }
}
