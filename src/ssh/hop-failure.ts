import type { Endpoint } from "../core/endpoint.ts";
import { SessionFailure } from "../core/session-end.ts";

/** Reasons that tell more than that a hop failed. */
const ownReasons = ["host_key_changed", "target_not_allowed"];

/** A failure of one hop, told with its number and host: `Hop 2, db-gw: …`. */
export class HopFailure extends SessionFailure {
  constructor(number: number, { host }: Endpoint, failure: SessionFailure) {
    const { reason, detail } = failure.end;
    super(ownReasons.includes(reason) ? reason : "hop_failed", `Hop ${number}, ${host}: ${detail ?? "it failed."}`, {
      cause: failure.cause,
      fault: failure.fault,
    });
  }
}
