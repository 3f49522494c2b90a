import type { Fault } from "./faults.ts";

/** Why sessions end: the closed list. The database, the API, the tunnel and the page read this table. */
export const endReasons = [
  "closed",
  "terminated",
  "expired",
  "idle",
  "max_duration",
  "target_closed",
  "target_unreachable",
  "target_not_allowed",
  "host_key_changed",
  "certificate_untrusted",
  "auth_failed",
  "guacd_failed",
  "hop_failed",
  "browser_failed",
  "recording_failed",
  "client_gone",
  "revoked",
  "node_lost",
  "shutdown",
  "error",
] as const;
export type EndReason = (typeof endReasons)[number];

/**
 * How a session ends: the reason, one sentence without secrets for people, and optionally the Guacamole status that the
 * browser gets when the reason alone does not decide it (guacd's own status).
 */
export interface SessionEnd {
  readonly reason: EndReason;
  readonly detail: string | null;
  readonly status?: number;
}

/** Thrown by whatever a session needs when it cannot be had; carries the session's end. `cause` is for the log. */
export class SessionFailure extends Error {
  override readonly name = "SessionFailure";
  readonly end: SessionEnd;
  /** What exactly is wrong, where it is known. */
  readonly fault: Fault | undefined;

  constructor(
    reason: EndReason,
    detail: string,
    options: { cause?: unknown; status?: number; fault?: Fault | undefined } = {},
  ) {
    super(`${reason}: ${detail}`, { cause: options.cause });
    this.fault = options.fault;
    this.end = { reason, detail, ...(options.status === undefined ? {} : { status: options.status }) };
  }
}
