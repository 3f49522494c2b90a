import { isIPv6, SocketAddress } from "node:net";
import type { Endpoint } from "./endpoint.ts";

/** What a server shows of itself: an SSH host key, or the certificate of an RDP host. */
export type KeyKind = "ssh" | "rdp";

/** Where a server's key is shown: `path` says by which hops (`pathOf`). */
export interface KeyPlace extends Endpoint {
  readonly kind: KeyKind;
  readonly path: string;
}

/** The place of a target in the spelling by which keys are remembered: another spelling would be a first use. */
export const keyPlace = (kind: KeyKind, path: string, { host, port }: Endpoint): KeyPlace => ({
  kind,
  path,
  host: oneSpelling(host),
  port,
});

/** The way to a place: the hops before it, "" for none. */
export const pathOf = (hops: readonly Endpoint[]): string =>
  hops
    .map(({ host, port }) => `${host.includes(":") ? `[${oneSpelling(host)}]` : oneSpelling(host)}:${port}`)
    .join(" > ");

const oneSpelling = (host: string): string =>
  isIPv6(host) ? new SocketAddress({ address: host, family: "ipv6" }).address : host.toLowerCase().replace(/\.$/, "");
