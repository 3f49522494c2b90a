import type { Endpoint } from "../core/endpoint.ts";
import { AppError } from "../core/errors.ts";
import type { ResolveName } from "./resolve-name.ts";
import type { TargetPolicy } from "./target-policy.ts";
import { within } from "./within.ts";

const resolveLimitMs = 2_000;

export type CheckTargetEarly = (protocol: string, target: Endpoint, signal: AbortSignal) => Promise<void>;

/**
 * Refuses what the policy forbids while the caller still waits for an answer: throws AppError `target_not_allowed`. A name
 * that has no answer within 2 s passes, because the road resolves it anew and decides.
 */
export const createTargetCheck =
  (options: { policy: TargetPolicy; resolve: ResolveName }): CheckTargetEarly =>
  async (protocol, target, signal) => {
    const refuse = (addresses: readonly string[]) => {
      const refused = options.policy.check(protocol, target, addresses);
      if (refused) throw new AppError("target_not_allowed", refused);
    };
    refuse([]);
    const addresses = await within(options.resolve(target.host), resolveLimitMs, signal).catch(() => []);
    signal.throwIfAborted();
    refuse(addresses);
  };
