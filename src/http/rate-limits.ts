import type { Context } from "hono";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";
import { addressKey } from "./address-key.ts";
import type { Environment } from "./environment.ts";
import { FailureWindow } from "./failure-window.ts";
import type { Quota } from "./quota.ts";
import type { RouteMeta } from "./route.ts";
import { TokenBuckets } from "./token-buckets.ts";

/** As configured; 0 switches a limit off. */
export interface RateLimitSettings {
  readonly apiPerSecond: number;
  readonly apiBurst: number;
  readonly sessionCreatePerSecond: number;
  readonly sessionCreateBurst: number;
  readonly loginFailuresPerMinute: number;
}

/** Limits how often callers may call: each principal by itself, who is not known by address. */
export interface RateLimits {
  /** Counts a call of a route, on the quota that the route declares. Throws `rate_limited`. */
  count(c: Context<Environment>, meta: RouteMeta, principal: Principal | undefined): void;
  /** Counts a key that was sent with a call and is not valid. Throws `rate_limited` when the address has sent too many. */
  countWrongKey(c: Context<Environment>): void;
  /** Runs a sign-in, and counts it when it ends as `unauthenticated`. Throws `rate_limited` without running it. */
  signIn<T>(c: Context<Environment>, work: () => Promise<T>): Promise<T>;
}

export const createRateLimits = ({
  settings,
  clock,
  onRefused,
}: {
  /** Asked at each call, so that changes hold at once. */
  settings: () => RateLimitSettings;
  /** A steady one. */
  clock: Clock;
  onRefused: (limit: "api" | "session_create" | "sign_in" | "key") => void;
}): RateLimits => {
  const buckets = { api: new TokenBuckets(clock), session_create: new TokenBuckets(clock) };
  // Apart, so that a forgotten script with an old key keeps nobody at its address from signing in.
  const failures = { signIn: new FailureWindow(clock), key: new FailureWindow(clock) };

  const told = (c: Context<Environment>, quota: Quota, limit: Parameters<typeof onRefused>[0]): void => {
    c.set("quota", quota);
    const { retryAfterSeconds } = quota;
    if (retryAfterSeconds === null) return;
    onRefused(limit);
    const what = limit === "sign_in" || limit === "key" ? "tries" : "requests";
    throw new AppError("rate_limited", `Too many ${what}. Wait ${retryAfterSeconds} s.`, {
      headers: { "Retry-After": String(retryAfterSeconds) },
    });
  };

  return {
    count: (c, { quota = "api" }, principal) => {
      if (quota === "none") return;
      const { apiPerSecond, apiBurst, sessionCreatePerSecond, sessionCreateBurst } = settings();
      const rates = {
        api: { perSecond: apiPerSecond, burst: apiBurst },
        session_create: { perSecond: sessionCreatePerSecond, burst: sessionCreateBurst },
      };
      const rate = rates[quota];
      if (rate.perSecond === 0 || rate.burst === 0) return;
      const holder = principal ? `${principal.kind} ${principal.id}` : addressKey(c.get("address"));
      told(c, buckets[quota].take(holder, rate), quota);
    },

    countWrongKey: (c) => {
      const limit = settings().loginFailuresPerMinute;
      if (limit === 0) return;
      const holder = addressKey(c.get("address"));
      const signIns = failures.signIn.look(holder, limit);
      const quota = signIns.retryAfterSeconds === null ? failures.key.count(holder, limit) : signIns;
      if (quota.retryAfterSeconds !== null) told(c, quota, "key");
    },

    signIn: async (c, work) => {
      const limit = settings().loginFailuresPerMinute;
      if (limit === 0) return work();
      const holder = addressKey(c.get("address"));
      // Counted before it is known, so that tries at the same time do not slip through; forgiven when it was none.
      const quota = failures.signIn.count(holder, limit);
      if (quota.retryAfterSeconds !== null) told(c, quota, "sign_in");
      let hasFailed = false;
      try {
        return await work();
      } catch (error) {
        hasFailed = error instanceof AppError && error.code === "unauthenticated";
        throw error;
      } finally {
        if (!hasFailed) failures.signIn.forgive(holder);
      }
    },
  };
};
