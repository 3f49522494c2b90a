import type { Endpoint } from "../core/endpoint.ts";
import { hostKeyFingerprint } from "../core/host-key-fingerprint.ts";
import { parseHostKeyLine } from "../core/host-key-line.ts";
import { keyPlace } from "../core/key-place.ts";
import type { KeyTrust } from "../core/known-key.ts";
import { SessionFailure } from "../core/session-end.ts";
import { countingKeys, trustKey } from "../core/trust-key.ts";
import { firstString } from "./openssh-format.ts";

/** What one connection does about its server's key. */
export interface HostKeyCheck {
  /** Types that are known of this server: asked for first, so that a server with several keys does not look changed. */
  readonly keyTypes: readonly string[];
  /** Rejects with `SessionFailure` `host_key_changed` unless the key may be trusted. */
  verify(keyBlob: Buffer): Promise<void>;
}

/** Makes the check of one connection: a pinned line is the only key that counts, without one `trustKey` decides. */
export const prepareHostKeyCheck = async (options: {
  trust: KeyTrust;
  /** The way to the server, as `pathOf` writes it. */
  path: string;
  target: Endpoint;
  /** As `parseHostKeyLine` reads it. */
  pinnedLine: string | null;
  /** Who causes the connection; kept with a key that is seen for the first time. */
  seenBy: string;
}): Promise<HostKeyCheck> => {
  const { trust, path, target, pinnedLine, seenBy } = options;
  const place = keyPlace("ssh", path, target);
  const pinned = pinnedLine === null ? null : parseHostKeyLine(pinnedLine);
  if (pinned === undefined)
    throw new SessionFailure("host_key_changed", `The key pinned for ${target.host} is not a host key.`, {
      fault: "host_key_unreadable",
    });
  const counting = pinned ? [pinned] : countingKeys(await trust.store.find(place), trust.policy());
  return {
    keyTypes: counting.map(({ keyType }) => keyType),
    async verify(keyBlob) {
      const keyType = firstString(keyBlob);
      if (keyType === undefined)
        throw new SessionFailure("host_key_changed", `${target.host} sent no readable host key.`, {
          fault: "host_key_unreadable",
        });
      await trustKey({
        trust,
        place,
        shown: { keyType, publicKey: keyBlob.toString("base64"), fingerprint: hostKeyFingerprint(keyBlob) },
        pinned: pinned && hostKeyFingerprint(Buffer.from(pinned.publicKey, "base64")),
        seenBy,
      });
    },
  };
};
