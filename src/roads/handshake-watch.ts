import type { Endpoint } from "../core/endpoint.ts";
import type { SessionFailure } from "../core/session-end.ts";

export type Side = "target" | "guacd";

/** Looks on at the beginning of one connection without changing it. */
export interface HandshakeWatch {
  /** What `from` has sent, as it came. False: it has seen enough and is not called again. */
  look(from: Side, bytes: Buffer): boolean;
  /** How the target refused, if it did. */
  failure(target: Endpoint): SessionFailure | null;
}
