import type { Duplex } from "node:stream";
import type { Secret } from "./secret.ts";
import type { SessionFailure } from "./session-end.ts";

/** A place to connect to. `host` is a name or an address without brackets. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A certificate that the gateway has seen and accepts. */
export interface CheckedCertificate {
  /** As `certificateFingerprint` writes it. */
  readonly fingerprint: string;
  /** Whether an authority vouches for it under the target's name; otherwise it is known, or trusted on first use. */
  readonly isVouched: boolean;
  /** Whether the server answers a connection request before TLS begins. */
  readonly isNegotiated: boolean;
}

/**
 * Where guacd is sent, and what it signs in with there: the one-time sign-in of a relay, or behind a forward the target's
 * own, which another may take the place of (`{ ...endpoint, password }`) before each plan is made.
 */
export interface PreparedEndpoint extends Endpoint {
  readonly username?: string | undefined;
  readonly password?: Secret<string> | undefined;
  readonly domain?: string | undefined;
  /** The RD gateway through which the endpoint is reached, as guacd finds it, and what opens it. */
  readonly gateway?: (Endpoint & { readonly password?: Secret<string> | undefined }) | undefined;
  /** What the target may show of itself; absent when nobody asks. */
  readonly certificate?: CheckedCertificate | undefined;
  /** Asked when guacd has failed: what was seen of the target itself, which says more than guacd does, or null. */
  readonly cause?: (() => SessionFailure | null) | undefined;
}

/**
 * A way to a target: straight, or through hops. The stream that `connect` gives belongs to the caller, who closes it.
 * Rejects with `SessionFailure` (`target_unreachable`, `target_not_allowed`; of a hop `hop_failed`, `host_key_changed`).
 */
export interface Road {
  connect(target: Endpoint, signal: AbortSignal): Promise<Duplex>;
}
