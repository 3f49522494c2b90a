/** Why a server takes none of the protocols that were asked for (MS-RDPBCGR 2.2.1.2.2). */
export type RdpRefusal =
  | "SSL_REQUIRED_BY_SERVER"
  | "SSL_NOT_ALLOWED_BY_SERVER"
  | "SSL_CERT_NOT_ON_SERVER"
  | "INCONSISTENT_FLAGS"
  | "HYBRID_REQUIRED_BY_SERVER"
  | "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER";

export type RdpConfirm =
  /** TLS comes next, and inside it NLA (CredSSP), which signs in before anything is drawn, or the login screen. */
  | { readonly kind: "tls"; readonly hasNla: boolean }
  /** RDP's own encryption, without any certificate. */
  | { readonly kind: "plain" }
  | { readonly kind: "refused"; readonly code: RdpRefusal }
  /** What speaks there is no RDP server. */
  | { readonly kind: "foreign" };

const refusals: readonly RdpRefusal[] = [
  "SSL_REQUIRED_BY_SERVER",
  "SSL_NOT_ALLOWED_BY_SERVER",
  "SSL_CERT_NOT_ON_SERVER",
  "INCONSISTENT_FLAGS",
  "HYBRID_REQUIRED_BY_SERVER",
  "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER",
];

/** All of them inside TLS: nothing more, NLA, RDSTLS, NLA with early authorization, Entra ID. */
const insideTls = [0x1, 0x2, 0x4, 0x8, 0x10];
const withNla = [0x2, 0x8];

const foreign: RdpConfirm = { kind: "foreign" };

/**
 * A server's answer to the connection request, an X.224 Connection Confirm with or without a negotiation answer
 * (MS-RDPBCGR 2.2.1.2): yields the number of bytes that come next, takes them, and returns what they say.
 */
export function* readRdpConfirm(): Generator<number, RdpConfirm, Buffer> {
  const packet = yield 4;
  if (packet.readUInt8(0) !== 3) return foreign;
  const length = packet.readUInt16BE(2);
  if (length !== 11 && length !== 19) return foreign;
  const header = yield 7;
  if (header.readUInt8(0) !== length - 5 || header.readUInt8(1) !== 0xd0) return foreign;
  // Servers older than the negotiation, and those that want none of it.
  if (length === 11) return { kind: "plain" };
  const answer = yield 8;
  const [type, value] = [answer.readUInt8(0), answer.readUInt32LE(4)];
  if (answer.readUInt16LE(2) !== 8) return foreign;
  if (type === 2 && value === 0) return { kind: "plain" };
  if (type === 2 && insideTls.includes(value)) return { kind: "tls", hasNla: withNla.includes(value) };
  const code = type === 3 ? refusals[value - 1] : undefined;
  return code === undefined ? foreign : { kind: "refused", code };
}
