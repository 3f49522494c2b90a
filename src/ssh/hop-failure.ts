import type { Endpoint } from "../core/endpoint.ts";
import { SessionFailure } from "../core/session-end.ts";

/** Reasons that tell more than that a hop failed. */
const ownReasons = ["host_key_changed", "target_not_allowed"];

/** A failure of one hop, told with its number and host: `Hop 2, db-gw: …`. */
export class HopFailure extends SessionFailure {
  /** Of the hop, from 1. */
  readonly number: number;
  /** What is wrong, without the hop's number and host. */
  readonly sentence: string;

  constructor(number: number, { host }: Endpoint, failure: SessionFailure) {
    const { reason, detail } = failure.end;
    const sentence = detail ?? "it failed.";
    super(ownReasons.includes(reason) ? reason : "hop_failed", `Hop ${number}, ${host}: ${sentence}`, {
      cause: failure.cause,
      fault: failure.fault,
    });
    this.number = number;
    this.sentence = sentence;
  }
}
