import type { EndReason, SessionEnd } from "../core/session-end.ts";

/** Which Guacamole status the browser gets for each end, unless the end brings its own. */
const statuses: Readonly<Record<EndReason, number>> = {
  closed: 523,
  terminated: 523,
  expired: 522,
  idle: 522,
  max_duration: 522,
  target_closed: 523,
  target_unreachable: 519,
  target_not_allowed: 519,
  host_key_changed: 519,
  certificate_untrusted: 519,
  auth_failed: 769,
  guacd_failed: 514,
  hop_failed: 519,
  browser_failed: 512,
  recording_failed: 512,
  client_gone: 523,
  revoked: 771,
  node_lost: 520,
  shutdown: 520,
  error: 512,
};

export interface EndStatus {
  readonly status: number;
  /** Set where the WebSocket code does not follow from the status. */
  readonly webSocketCode?: number;
}

export const endStatus = (end: SessionEnd): EndStatus => ({
  status: end.status ?? statuses[end.reason],
  // 1012, "service restart", tells clients that a new gateway is coming (IANA WebSocket close codes).
  ...(end.reason === "shutdown" ? { webSocketCode: 1012 } : {}),
});
