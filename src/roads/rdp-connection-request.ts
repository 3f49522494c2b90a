/** How a session wants to be secured: its `security` setting, absent where it is left to both sides. */
export type RdpSecurity = "any" | "nla" | "nla-ext" | "tls" | "rdp" | "vmconnect";

/** By which a server finds the machine that is meant before anything is negotiated (MS-RDPEPS). */
export interface Preconnection {
  readonly id?: number | undefined;
  readonly blob?: string | undefined;
}

const tls = 0x1;
const nla = 0x2;
const earlyUserAuthorization = 0x8;

/** What guacd asks for by its `security` (its src/protocols/rdp/settings.c). */
const requestedProtocols: Readonly<Record<RdpSecurity, number>> = {
  any: tls | nla,
  vmconnect: tls | nla,
  nla: tls | nla,
  "nla-ext": tls | nla | earlyUserAuthorization,
  tls,
  rdp: 0,
};

/**
 * The first bytes of an RDP connection: an X.224 Connection Request in its TPKT, with a negotiation request
 * (MS-RDPBCGR 2.2.1.1). `routingToken` is what a connection broker chooses the machine by.
 */
export const rdpConnectionRequest = (options: { security: RdpSecurity; routingToken?: string | undefined }): Buffer => {
  const { security, routingToken } = options;
  const token = routingToken === undefined ? nothing : Buffer.from(`${routingToken.replace(/[\r\n]+$/, "")}\r\n`);
  const negotiation = Buffer.from([0x01, 0, 8, 0, 0, 0, 0, 0]);
  negotiation.writeUInt32LE(requestedProtocols[security], 4);
  const variable = Buffer.concat([token, negotiation]);
  const header = Buffer.from([3, 0, 0, 0, 6 + variable.length, 0xe0, 0, 0, 0, 0, 0]);
  header.writeUInt16BE(header.length + variable.length, 2);
  return Buffer.concat([header, variable]);
};

/** What precedes the connection where a machine is chosen by its preconnection; TLS follows at once, without negotiation. */
export const rdpPreconnection = ({ id = 0, blob }: Preconnection): Buffer => {
  const text = blob === undefined ? nothing : Buffer.from(`${blob}\0`, "utf16le");
  const header = Buffer.alloc(18);
  header.writeUInt32LE(header.length + text.length, 0);
  header.writeUInt32LE(2, 8);
  header.writeUInt32LE(id, 12);
  header.writeUInt16LE(text.length / 2, 16);
  return Buffer.concat([header, text]);
};

const nothing = Buffer.alloc(0);
