import type { X509Certificate } from "node:crypto";
import { checkServerIdentity } from "node:tls";
import { certificateFingerprint } from "../core/certificate-fingerprint.ts";
import type { Endpoint } from "../core/endpoint.ts";
import { keyPlace } from "../core/key-place.ts";
import type { KeyTrust } from "../core/known-key.ts";
import { trustKey } from "../core/trust-key.ts";

/**
 * A certificate that an authority vouches for under the target's name is accepted unless it is revoked here, and not
 * remembered; any other one has to be known, or is new and decided about as host keys are. Rejects with `SessionFailure`.
 */
export const judgeCertificate = async (options: {
  trust: KeyTrust;
  target: Endpoint;
  /** The hops before the target, as known keys remember them. */
  path: string;
  certificate: X509Certificate;
  /** As `RdpGreeting` has it. */
  chainFault: string | null;
  seenBy: string;
}): Promise<{ fingerprint: string; isVouched: boolean }> => {
  const { trust, target, path, certificate, chainFault, seenBy } = options;
  const fingerprint = certificateFingerprint(certificate.raw);
  const isVouched = chainFault === null && isNamed(certificate, target);
  const shown = { keyType: "x509", publicKey: certificate.raw.toString("base64"), fingerprint };
  const pinned = isVouched ? fingerprint : null;
  await trustKey({ trust, place: keyPlace("rdp", path, target), shown, pinned, seenBy });
  return { fingerprint, isVouched };
};

/** An address has to be named as an address. */
const isNamed = (certificate: X509Certificate, { host }: Endpoint): boolean =>
  checkServerIdentity(host, certificate.toLegacyObject()) === undefined;
