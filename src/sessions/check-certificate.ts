import type { X509Certificate } from "node:crypto";
import { checkServerIdentity, type SecureContext } from "node:tls";
import { certificateFingerprint } from "../core/certificate-fingerprint.ts";
import type { CheckedCertificate, Endpoint, Road } from "../core/endpoint.ts";
import { keyPlace } from "../core/key-place.ts";
import type { KeyTrust } from "../core/known-key.ts";
import { trustKey } from "../core/trust-key.ts";
import type { CertificateRequest } from "../protocols/protocol.ts";
import { rdpGreetingFailure } from "../roads/rdp-greeting-failure.ts";
import { readRdpCertificate } from "../roads/read-rdp-certificate.ts";

/** Judges the certificate of one session's target. Rejects with `SessionFailure`. */
export type CheckCertificate = (
  request: CertificateRequest & {
    readonly road: Road;
    /** The hops before the target, as known keys remember them. */
    readonly path: string;
    readonly seenBy: string;
    readonly signal: AbortSignal;
  },
) => Promise<CheckedCertificate>;

/**
 * A certificate that an authority vouches for under the target's name is accepted unless it is revoked here, and not
 * remembered; any other one has to be known, or is new and decided about as host keys are.
 */
export const createCheckCertificate =
  (deps: { trust: KeyTrust; authorities: SecureContext; timeoutMs: () => number }): CheckCertificate =>
  async ({ target, security = "any", routingToken, preconnection, road, path, seenBy, signal }) => {
    const timeoutMs = deps.timeoutMs();
    const asked = { security, routingToken, preconnection, authorities: deps.authorities, timeoutMs, signal };
    const greeting = await readRdpCertificate(road, target, asked);
    const failure = rdpGreetingFailure(greeting, { target, security, timeoutMs });
    if (failure) throw failure;
    if (greeting.kind !== "certificate") throw new Error(`unexplained: ${greeting.kind}`);
    const { certificate, chainFault } = greeting;
    const fingerprint = certificateFingerprint(certificate.raw);
    const isVouched = chainFault === null && isNamed(certificate, target);
    const shown = { keyType: "x509", publicKey: certificate.raw.toString("base64"), fingerprint };
    const pinned = isVouched ? fingerprint : null;
    await trustKey({ trust: deps.trust, place: keyPlace("rdp", path, target), shown, pinned, seenBy });
    return { fingerprint, isVouched, isNegotiated: preconnection === undefined };
  };

/** An address has to be named as an address. */
const isNamed = (certificate: X509Certificate, { host }: Endpoint): boolean =>
  checkServerIdentity(host, certificate.toLegacyObject()) === undefined;
