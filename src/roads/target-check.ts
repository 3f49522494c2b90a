import type { Endpoint } from "../core/endpoint.ts";
import { AppError } from "../core/errors.ts";
import type { ResolveName } from "./resolve-name.ts";
import type { TargetPolicy } from "./target-policy.ts";
import { within } from "./within.ts";

const resolveLimitMs = 2_000;

/** From the gateway to a target. */
interface Way {
  readonly protocol: string;
  readonly target: Endpoint;
  readonly hops: readonly Endpoint[];
}

export type CheckTargetEarly = (way: Way, signal: AbortSignal) => Promise<void>;

/**
 * Refuses what the policy forbids while the caller still waits for an answer: throws AppError `target_not_allowed`. A name
 * that has no answer within 2 s passes, because the road resolves it anew and decides. Only what the gateway dials itself is
 * resolved: the target, or the first hop.
 */
export const createTargetCheck =
  (options: { policy: TargetPolicy; resolve: ResolveName }): CheckTargetEarly =>
  async ({ protocol, target, hops }, signal) => {
    const { policy, resolve } = options;
    const refuse = (why: string | null) => {
      if (why) throw new AppError("target_not_allowed", why);
    };
    const [first, ...others] = hops;
    for (const hop of others) refuse(policy.checkBehindHops("hops", hop));
    if (first) refuse(policy.checkBehindHops(protocol, target));
    const dialled = first ? { protocol: "hops", target: first } : { protocol, target };
    refuse(policy.check(dialled.protocol, dialled.target, []));
    const addresses = await within(resolve(dialled.target.host), resolveLimitMs, signal).catch(() => []);
    signal.throwIfAborted();
    refuse(policy.check(dialled.protocol, dialled.target, addresses));
  };
