import { isIP } from "node:net";

/** What of a request tells where it comes from. */
export interface Arrival {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * The address a request comes from: the right-most one in `X-Forwarded-For` that is not a trusted proxy, and only when
 * the peer itself is one; else the peer. What a client writes into the header left of that never counts.
 */
export const clientAddress = (incoming: Arrival, isTrustedProxy: (address: string) => boolean): string => {
  const peer = peerAddress(incoming.socket);
  if (!isTrustedProxy(peer)) return peer;
  const forwarded = [incoming.headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
  for (const text of forwarded.reverse()) {
    const address = plain(text.trim());
    if (isIP(address) === 0) return peer;
    if (!isTrustedProxy(address)) return address;
  }
  return peer;
};

/** The other end of a connection. */
export const peerAddress = ({ remoteAddress = "" }: Arrival["socket"]): string => plain(remoteAddress);

/** IPv4 addresses that a dual-stack socket writes as IPv6 are shown as IPv4. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");
