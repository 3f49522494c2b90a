import type { Disposal } from "../core/disposal.ts";
import { type Hop, hopSecretName, type OpenableHop } from "../core/hop.ts";
import type { KeyTrust } from "../core/known-key.ts";
import type { Secret } from "../core/secret.ts";
import { type SessionEnd, SessionFailure } from "../core/session-end.ts";
import type { OnWayStep } from "../core/way-step.ts";
import { createDirectRoad } from "../roads/direct-road.ts";
import { createHopRoad, type SessionRoad } from "../roads/hop-road.ts";
import type { ResolveName } from "../roads/resolve-name.ts";
import type { TargetPolicy } from "../roads/target-policy.ts";
import { type HopTimeouts, openHopChain } from "../ssh/hop-chain.ts";
import type { LoopTurns } from "../ssh/loop-turns.ts";
import type { HopQuestions } from "../ssh/sign-in-with-questions.ts";

export interface RoadRequest {
  readonly protocol: string;
  readonly hops: readonly Hop[];
  /** The session's, by name. */
  readonly secrets: Readonly<Record<string, Secret<string>>>;
  readonly seenBy: string;
  readonly disposal: Disposal;
  /** The policy has passed a hop, counted from 1, and it is dialled. */
  readonly onHop: (hop: number) => void;
  /** The policy has passed the target, the hops are there, and it is dialled. */
  readonly onTarget: () => void;
  /** A hop was lost. */
  readonly onEnd: (end: SessionEnd) => void;
  /** Hears of every step in detail. */
  readonly onStep?: OnWayStep | undefined;
  /** Who is asked what hops want to know; nobody when absent. */
  readonly questions?: HopQuestions | undefined;
  /** Hops that refuse to forward are asked what else they forward. */
  readonly explainsRefusals?: boolean | undefined;
}

/** The road of one session; bound by the gateway to its policy, host keys and limits. */
export type RoadTo = (request: RoadRequest) => SessionRoad;

/** Straight, or through the session's hops, which are closed by its disposal. */
export const createRoadTo =
  (deps: {
    policy: () => TargetPolicy;
    resolve: ResolveName;
    trust: KeyTrust;
    timeouts: () => HopTimeouts;
    turns: LoopTurns;
  }): RoadTo =>
  ({ protocol, hops, secrets, seenBy, disposal, onHop, onTarget, onEnd, onStep, questions, explainsRefusals }) => {
    const ofFirstHop: OnWayStep = (step) => onStep?.({ ...step, hop: 1 });
    const { resolve, trust, turns } = deps;
    const [policy, timeouts] = [deps.policy(), deps.timeouts()];
    const direct = { policy, resolve, connectTimeoutMs: timeouts.connectMs };
    if (hops.length === 0) {
      return { ...createDirectRoad({ ...direct, protocol, onAllowed: onTarget, onStep }), hopFailure: () => null };
    }
    const openChain = async () => {
      const chain = await openHopChain({
        hops: hops.map((hop, index) => openable(hop, index, secrets)),
        road: createDirectRoad({ ...direct, protocol: "hops", onAllowed: () => onHop(1), onStep: ofFirstHop }),
        check: (hop) => {
          const refused = policy.checkBehindHops("hops", hop);
          if (refused) throw new SessionFailure("target_not_allowed", refused, { fault: "hop_not_allowed" });
        },
        trust,
        seenBy,
        timeouts,
        signal: disposal.signal,
        turns,
        onHop,
        onStep,
        questions,
        explainsRefusals,
        onLost: ({ end }) => onEnd(end),
      });
      disposal.add("hops", () => chain.close());
      return chain;
    };
    return createHopRoad({ policy, protocol, openChain, onTarget, onStep });
  };

const openable = (hop: Hop, index: number, secrets: RoadRequest["secrets"]): OpenableHop => ({
  ...hop,
  password: secrets[hopSecretName(index, "password")] ?? null,
  privateKey: secrets[hopSecretName(index, "private_key")] ?? null,
  passphrase: secrets[hopSecretName(index, "passphrase")] ?? null,
});
