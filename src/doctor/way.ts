import type { Endpoint } from "../core/endpoint.ts";
import type { Fault } from "../core/faults.ts";
import type { SessionFailure } from "../core/session-end.ts";
import type { WayStep } from "../core/way-step.ts";
import { HopFailure } from "../ssh/hop-failure.ts";
import type { StepName } from "./step.ts";
import type { Steps } from "./steps.ts";
import type { KeyFinding } from "./watched-keys.ts";
import { addressOf, findingOf } from "./way-words.ts";

export interface WayLimits {
  readonly connectMs: number;
  readonly keyExchangeMs: number;
  readonly authMs: number;
}

/** Faults of the hop that was asked to pass on, where all others are of the place behind it. */
const ownFaults: readonly (Fault | undefined)[] = ["forwarding_refused", "destination_not_permitted", "hop_lost"];

/** What is found before its own step begins: keys are opened, and pinned ones read, before a server is asked. */
const earlySteps: Partial<Record<Fault, StepName>> = {
  host_key_unreadable: "host_key",
  key_unreadable: "sign_in",
  passphrase_missing: "sign_in",
  passphrase_wrong: "sign_in",
};

/** Turns what is told of a way while it is opened into steps of the diagnosis. */
export class Way {
  /** What lies behind all hops; another one while something else is reached for, as an RD gateway is. */
  target: Endpoint;
  readonly #hops: readonly Endpoint[];
  readonly #limits: WayLimits;
  readonly #steps: Steps;
  readonly #takeKeyFinding: () => KeyFinding;
  #hop: number | undefined;

  constructor(options: {
    target: Endpoint;
    hops: readonly Endpoint[];
    limits: WayLimits;
    steps: Steps;
    takeKeyFinding: () => KeyFinding;
  }) {
    this.target = options.target;
    this.#hops = options.hops;
    this.#limits = options.limits;
    this.#steps = options.steps;
    this.#takeKeyFinding = options.takeKeyFinding;
  }

  readonly onStep = ({ begins, hop, found }: WayStep): void => {
    this.#succeed(found);
    this.#hop = hop;
    if (begins) this.#steps.begin(begins, this.#subject(hop), this.#limitOf(begins));
  };

  /** The target is reached and should say what it is. */
  beginGreeting(): void {
    this.#succeed(undefined);
    this.#hop = undefined;
    this.#steps.begin("greeting", this.#subject(undefined), this.#limits.connectMs);
  }

  /** The target is reached, and nothing else is asked of it. */
  end(): void {
    this.#succeed(undefined);
  }

  fail(error: SessionFailure): void {
    const { fault = "error", end } = error;
    const sentence = error instanceof HopFailure ? error.sentence : (end.detail ?? "It failed.");
    const isBehind = this.#steps.running?.step === "forward" && !ownFaults.includes(error.fault);
    const step = isBehind ? "connect" : earlySteps[fault];
    const hop = error instanceof HopFailure ? error.number : isBehind ? this.#behind(this.#hop) : undefined;
    const isElsewhere = isBehind || error instanceof HopFailure;
    this.#steps.fail(fault, sentence, {
      ...(step ? { step } : {}),
      ...(isElsewhere ? { subject: this.#subject(hop) } : {}),
    });
  }

  #succeed(found: WayStep["found"]): void {
    const running = this.#steps.running;
    if (!running) return;
    const key = running.step === "host_key" ? this.#takeKeyFinding() : "pinned";
    const next = this.#place(this.#behind(this.#hop));
    this.#steps.succeed(findingOf(running.step, this.#place(this.#hop), { found, key, next }));
  }

  /** The hop behind a hop; undefined stands for the target. */
  #behind(hop: number | undefined): number | undefined {
    return hop === undefined || hop >= this.#hops.length ? undefined : hop + 1;
  }

  #place(hop: number | undefined): Endpoint {
    return (hop === undefined ? undefined : this.#hops[hop - 1]) ?? this.target;
  }

  #subject(hop: number | undefined): string {
    const place = this.#place(hop);
    return hop === undefined ? addressOf(place) : `Hop ${hop}, ${place.host}`;
  }

  #limitOf(step: StepName): number {
    if (step === "sign_in") return this.#limits.authMs;
    return step === "key_exchange" || step === "host_key" ? this.#limits.keyExchangeMs : this.#limits.connectMs;
  }
}
