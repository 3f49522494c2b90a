import type { Road } from "../core/endpoint.ts";
import { SessionFailure } from "../core/session-end.ts";
import type { OnWayStep } from "../core/way-step.ts";
import type { HopChain } from "../ssh/hop-chain.ts";
import type { TargetPolicy } from "./target-policy.ts";

/** A road that knows what became of its hops. */
export interface SessionRoad extends Road {
  /** The hop that was lost or has fallen silent, when something has failed; null when it was none. */
  hopFailure(): SessionFailure | null;
}

/**
 * The road through hops. The target's name is the last hop's to look up, so the policy sees the name, or the address where
 * it is one. The chain is opened at the first connection and serves all of them. Rejects with `SessionFailure`.
 */
export const createHopRoad = (options: {
  policy: TargetPolicy;
  protocol: string;
  openChain: () => Promise<HopChain>;
  /** Called when the last hop is signed in and the target is dialled. */
  onTarget: () => void;
  onStep?: OnWayStep | undefined;
}): SessionRoad => {
  const { policy, protocol, openChain, onTarget, onStep } = options;
  let opening: Promise<HopChain> | undefined;
  let chain: HopChain | undefined;
  return {
    async connect(target, signal) {
      onStep?.({ begins: "policy" });
      const refused = policy.checkBehindHops(protocol, target);
      if (refused) throw new SessionFailure("target_not_allowed", refused, { fault: "target_not_allowed" });
      opening ??= openChain();
      chain = await opening;
      onTarget();
      return chain.forward(target, signal);
    },
    hopFailure: () => chain?.failure() ?? null,
  };
};
