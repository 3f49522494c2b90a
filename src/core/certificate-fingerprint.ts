import { createHash } from "node:crypto";

/** `SHA256:AB:CD:…` of a certificate's DER, in the digits that `openssl x509 -fingerprint -sha256` prints. */
export const certificateFingerprint = (der: Buffer): string => {
  const hex = createHash("sha256").update(der).digest("hex").toUpperCase();
  return `SHA256:${hex.replace(/..(?!$)/g, "$&:")}`;
};
