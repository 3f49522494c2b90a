import type { Clock } from "../core/clock.ts";
import type { Quota } from "./quota.ts";

export interface Rate {
  readonly perSecond: number;
  /** Calls at once after a quiet time. */
  readonly burst: number;
}

/** More keys than this and the longest untouched ones are forgotten, which gives them a full burst again. */
const maxBuckets = 10_000;
/** As many are forgotten at a time then: to find the first of a Map that much was deleted from takes long. */
const surplusBuckets = 1_000;

/**
 * Token buckets by key: each holds a burst and fills at its rate. A full bucket is as good as none, so what was not touched
 * for as long as filling takes is forgotten, and no timer is needed.
 */
export class TokenBuckets {
  readonly #clock: Clock;
  /** The longest untouched first. */
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();
  #sweepAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes a token if there is one. The rate may be another than last time. */
  take(key: string, rate: Rate): Quota {
    const nowMs = this.#clock.nowMs();
    const before = this.#buckets.get(key);
    const filled = before ? before.tokens + ((nowMs - before.atMs) / 1000) * rate.perSecond : rate.burst;
    const tokens = Math.min(rate.burst, filled);
    const left = tokens >= 1 ? tokens - 1 : tokens;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: left, atMs: nowMs });
    this.#forget(nowMs, rate);
    return {
      limit: rate.burst,
      remaining: Math.floor(left),
      resetSeconds: Math.ceil((rate.burst - left) / rate.perSecond),
      retryAfterSeconds: tokens >= 1 ? null : Math.ceil((1 - left) / rate.perSecond),
    };
  }

  #forget(nowMs: number, { perSecond, burst }: Rate): void {
    let surplus = this.#buckets.size > maxBuckets ? surplusBuckets : 0;
    if (surplus === 0 && nowMs < this.#sweepAtMs) return;
    const fillMs = (burst / perSecond) * 1000;
    this.#sweepAtMs = nowMs + fillMs;
    for (const [key, { atMs }] of this.#buckets) {
      if (surplus === 0 && nowMs - atMs < fillMs) return;
      this.#buckets.delete(key);
      surplus = Math.max(0, surplus - 1);
    }
  }
}
