import type { Duplex } from "node:stream";
import type { Secret } from "./secret.ts";

/** A place to connect to. `host` is a name or an address without brackets. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Where guacd is sent; a relay adds the one-time sign-in that it expects there. */
export interface PreparedEndpoint extends Endpoint {
  readonly username?: string;
  readonly password?: Secret<string>;
}

/**
 * A way to a target: straight, or through hops. The stream that `connect` gives belongs to the caller, who closes it.
 * Rejects with `SessionFailure` (`target_unreachable`, `target_not_allowed`, later `hop_failed`).
 */
export interface Road {
  connect(target: Endpoint, signal: AbortSignal): Promise<Duplex>;
}
