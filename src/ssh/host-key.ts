import { createHash, timingSafeEqual } from "node:crypto";
import { isIPv6, SocketAddress } from "node:net";
import type { Endpoint } from "../core/endpoint.ts";
import { parseHostKeyLine } from "../core/host-key-line.ts";
import { SessionFailure } from "../core/session-end.ts";
import { firstString } from "./openssh-format.ts";

/** `SHA256:…` as OpenSSH prints it. */
const fingerprint = (keyBlob: Buffer): string =>
  `SHA256:${createHash("sha256").update(keyBlob).digest("base64").replace(/=+$/, "")}`;

/** Where a key was seen: `path` says by which hops (`pathOf`). */
interface HostKeyPlace {
  readonly path: string;
  readonly host: string;
  readonly port: number;
}

export interface KnownHostKey {
  readonly id: string;
  readonly keyType: string;
  /** The key's blob in base64. */
  readonly publicKey: string;
  readonly fingerprint: string;
}

export interface HostKeyStore {
  find(place: HostKeyPlace): Promise<readonly KnownHostKey[]>;
  remember(seen: HostKeyPlace & Omit<KnownHostKey, "id"> & { readonly seenBy: string }): Promise<void>;
  /** Notes that the key was seen again. */
  touch(id: string): Promise<void>;
}

/** What one connection does about its server's key. */
export interface HostKeyCheck {
  /** Types that are known of this server: asked for first, so that a server with several keys does not look changed. */
  readonly keyTypes: readonly string[];
  /** Rejects with `SessionFailure` `host_key_changed` unless the key may be trusted. */
  verify(keyBlob: Buffer): Promise<void>;
}

/**
 * A pinned line is the only key that counts, and is not remembered. Without one the first key seen at a place is trusted
 * and stored; later every other key is refused, also one of another type: whoever sits in between chooses the type.
 */
export const prepareHostKeyCheck = async (options: {
  store: HostKeyStore;
  path: string;
  target: Endpoint;
  /** As `parseHostKeyLine` reads it. */
  pinnedLine: string | null;
  /** Who causes the connection; kept with a key that is seen for the first time. */
  seenBy: string;
}): Promise<HostKeyCheck> => {
  const { store, path, target, pinnedLine, seenBy } = options;
  if (pinnedLine !== null) return pinnedCheck(target, pinnedLine);
  const place = { path, host: oneSpelling(target.host), port: target.port };
  const known = await store.find(place);
  return {
    keyTypes: known.map(({ keyType }) => keyType),
    async verify(keyBlob) {
      const keyType = firstString(keyBlob);
      if (keyType === undefined)
        throw new SessionFailure("host_key_changed", `${target.host} sent no readable host key.`);
      if (known.length === 0) {
        const publicKey = keyBlob.toString("base64");
        await store.remember({ ...place, keyType, publicKey, fingerprint: fingerprint(keyBlob), seenBy });
        return;
      }
      const match = known.find(({ publicKey }) => isSame(Buffer.from(publicKey, "base64"), keyBlob));
      if (!match) throw changed(target, keyBlob, known.map((key) => key.fingerprint).join(" or "), "seen before");
      await store.touch(match.id);
    },
  };
};

/** The way to a place, as known hosts remember it: the hops before it, "" for none. */
export const pathOf = (hops: readonly Endpoint[]): string =>
  hops
    .map(({ host, port }) => `${host.includes(":") ? `[${oneSpelling(host)}]` : oneSpelling(host)}:${port}`)
    .join(" > ");

/** Or another spelling of a host would be a first use. */
const oneSpelling = (host: string): string =>
  isIPv6(host) ? new SocketAddress({ address: host, family: "ipv6" }).address : host.toLowerCase().replace(/\.$/, "");

const pinnedCheck = (target: Endpoint, line: string): HostKeyCheck => {
  const pinned = parseHostKeyLine(line);
  if (!pinned) throw new SessionFailure("host_key_changed", `The key pinned for ${target.host} is not a host key.`);
  const expected = Buffer.from(pinned.publicKey, "base64");
  return {
    keyTypes: [pinned.keyType],
    async verify(keyBlob) {
      if (!isSame(expected, keyBlob)) throw changed(target, keyBlob, fingerprint(expected), "pinned");
    },
  };
};

const changed = ({ host }: Endpoint, shown: Buffer, expected: string, how: string): SessionFailure =>
  new SessionFailure(
    "host_key_changed",
    `${host} showed another host key than the one ${how}. Now: ${fingerprint(shown)}. Expected: ${expected}. It may have ` +
      "been reinstalled, or someone may be in between. Nothing was sent to it.",
  );

const isSame = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other);
