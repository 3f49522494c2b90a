import type { EndReason, SessionEnd } from "../core/session-end.ts";
import { rdpSentenceOf } from "./rdp-sentences.ts";

/**
 * Guacamole's status codes: the decimal number as it stands in instructions and close reasons → name and WebSocket close
 * code (Guacamole's Status.js and GuacamoleStatus.java).
 */
const guacamoleStatuses = {
  0: ["SUCCESS", 1000],
  256: ["UNSUPPORTED", 1011],
  512: ["SERVER_ERROR", 1011],
  513: ["SERVER_BUSY", 1008],
  514: ["UPSTREAM_TIMEOUT", 1011],
  515: ["UPSTREAM_ERROR", 1011],
  516: ["RESOURCE_NOT_FOUND", 1002],
  517: ["RESOURCE_CONFLICT", 1008],
  518: ["RESOURCE_CLOSED", 1002],
  519: ["UPSTREAM_NOT_FOUND", 1011],
  520: ["UPSTREAM_UNAVAILABLE", 1011],
  521: ["SESSION_CONFLICT", 1008],
  522: ["SESSION_TIMEOUT", 1002],
  523: ["SESSION_CLOSED", 1002],
  768: ["CLIENT_BAD_REQUEST", 1002],
  769: ["CLIENT_UNAUTHORIZED", 1008],
  771: ["CLIENT_FORBIDDEN", 1008],
  776: ["CLIENT_TIMEOUT", 1002],
  781: ["CLIENT_OVERRUN", 1009],
  783: ["CLIENT_BAD_TYPE", 1003],
  797: ["CLIENT_TOO_MANY", 1008],
} as const satisfies Record<number, readonly [name: string, webSocketCode: number]>;
type GuacamoleStatus = keyof typeof guacamoleStatuses;

/** The WebSocket close code that goes with a status; 1011 for one that Guacamole does not know. */
export const webSocketCodeOf = (status: number): number =>
  isGuacamoleStatus(status) ? guacamoleStatuses[status][1] : 1011;

const isGuacamoleStatus = (status: number): status is GuacamoleStatus => Object.hasOwn(guacamoleStatuses, status);

/**
 * How a session ends when guacd says `error,<text>,<status>`; `text` without the empty phrase. RDP's text tells what its
 * status does not: 769 also stands for two sides that agree on no security, 519 also for a certificate.
 */
export const endOfGuacdError = (status: number, text: string): SessionEnd => {
  const reason = reasonOf(status, text);
  const detail = text === "" ? null : rdpSentenceOf(text);
  const isOfTarget = reason === "target_unreachable" && isGuacamoleStatus(status) && !isAboutSecurity(text);
  return { reason, detail, ...(isOfTarget ? { status } : {}) };
};

const isAboutCertificate = (text: string): boolean => /certificate/i.test(text);
const isAboutSecurity = (text: string): boolean => /\bsecurity\b|\b(TLS|SSL)\b/i.test(text);

const reasonOf = (status: number, text: string): EndReason => {
  if (isAboutCertificate(text)) return "certificate_untrusted";
  if (isAboutSecurity(text)) return "target_unreachable";
  if (status === 769 || status === 771) return "auth_failed";
  if (status === 518 || status === 521 || status === 522 || status === 523) return "target_closed";
  return "target_unreachable";
};

/** guacd's text without the sentence that it sends when it has nothing to say. */
export const plainTextOf = (text: string): string => (/^Aborted\. See logs\.?$/.test(text) ? "" : text);
