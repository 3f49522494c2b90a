import { createHash } from "node:crypto";

/** `SHA256:…` of a key's blob, as OpenSSH prints it. */
export const hostKeyFingerprint = (keyBlob: Buffer): string =>
  `SHA256:${createHash("sha256").update(keyBlob).digest("base64").replace(/=+$/, "")}`;
