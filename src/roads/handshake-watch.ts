import type { Endpoint } from "../core/endpoint.ts";
import type { SessionFailure } from "../core/session-end.ts";

export type Side = "target" | "guacd";

/** `more` is wanted; it has seen `enough` and is not called again; or the connection has to be `cut` before this is passed on. */
export type Sight = "more" | "enough" | "cut";

/** Looks on at the beginning of one connection without changing it. */
export interface HandshakeWatch {
  /** What `from` has sent, as it came, before it is passed on. */
  look(from: Side, bytes: Buffer): Sight;
  /** How the target refused, or why it was refused. */
  failure(target: Endpoint): SessionFailure | null;
}
