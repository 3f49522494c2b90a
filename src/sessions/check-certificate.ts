import type { SecureContext } from "node:tls";
import type { CheckedCertificate, Road } from "../core/endpoint.ts";
import type { KeyTrust } from "../core/known-key.ts";
import type { CertificateRequest } from "../protocols/protocol.ts";
import { rdpGreetingFailure } from "../roads/rdp-greeting-failure.ts";
import { readRdpCertificate } from "../roads/read-rdp-certificate.ts";
import { judgeCertificate } from "./judge-certificate.ts";

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

/** Asks the target for its certificate, and has it judged (`judgeCertificate`). */
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
    const judged = await judgeCertificate({ trust: deps.trust, target, path, certificate, chainFault, seenBy });
    return { ...judged, isNegotiated: preconnection === undefined };
  };
