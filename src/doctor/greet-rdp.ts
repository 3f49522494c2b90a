import type { X509Certificate } from "node:crypto";
import type { SecureContext } from "node:tls";
import { z } from "zod";
import type { CheckedCertificate, Endpoint, Road } from "../core/endpoint.ts";
import type { Fault } from "../core/faults.ts";
import type { KeyTrust } from "../core/known-key.ts";
import { SessionFailure } from "../core/session-end.ts";
import { rdpGreetingFailure } from "../roads/rdp-greeting-failure.ts";
import { type RdpGreeting, readRdpCertificate } from "../roads/read-rdp-certificate.ts";
import { judgeCertificate } from "../sessions/judge-certificate.ts";
import type { KeyFinding } from "./watched-keys.ts";
import type { Way } from "./way.ts";

/** What of a session's settings decides how the server is greeted. */
export const rdpGreetingSettings = z.object({
  security: z.enum(["any", "nla", "nla-ext", "tls", "rdp", "vmconnect"]).default("any"),
  ignore_cert: z.boolean().default(false),
  load_balance_info: z.string().optional(),
  preconnection_id: z.int().optional(),
  preconnection_blob: z.string().optional(),
});
type Settings = z.output<typeof rdpGreetingSettings>;

/**
 * Asks an RDP server how it is secured, and looks at its certificate; resolves with a sentence on what was found. Rejects
 * with `SessionFailure` when a session could not go on.
 */
export const greetRdp = async (options: {
  target: Endpoint;
  settings: Settings;
  road: Road;
  authorities: SecureContext;
  timeoutMs: number;
  way: Way;
  judge: Judge;
  signal: AbortSignal;
}): Promise<RdpFinding> => {
  const { target, settings, road, way, authorities, timeoutMs, signal } = options;
  const greeted: Road = {
    async connect(endpoint, wait) {
      const stream = await road.connect(endpoint, wait);
      way.beginGreeting();
      return stream;
    },
  };
  const { security, load_balance_info: routingToken, preconnection_id: id, preconnection_blob: blob } = settings;
  const preconnection = id === undefined && blob === undefined ? undefined : { id, blob };
  const asked = { security, routingToken, preconnection, authorities, timeoutMs, signal };
  const greeting = await readRdpCertificate(greeted, target, asked);
  // Whoever asked for it, or for no certificate, is not stopped by it: sessions are neither.
  if (greeting.kind === "plain" && (security === "rdp" || (security === "any" && settings.ignore_cert)))
    return { finding: "Answers with RDP's own encryption.", certificate: noCertificate };
  const failure = rdpGreetingFailure(greeting, { target, security, timeoutMs });
  if (failure) throw failure;
  if (greeting.kind !== "certificate") throw new Error(`unexplained: ${greeting.kind}`);
  return findingOn(greeting, target, settings, options.judge);
};

const noCertificate: CheckedCertificate = { fingerprint: "", isVouched: false, isNegotiated: true };

/** What certificates are judged by. */
interface Judge {
  readonly trust: KeyTrust;
  /** The hops before the target, as known keys remember them. */
  readonly path: string;
  readonly takeKeyFinding: () => KeyFinding;
  readonly nowMs: number;
}

interface RdpFinding {
  /** A sentence. */
  readonly finding: string;
  readonly certificate: CheckedCertificate;
}

/** Accepts what sessions accept; where they refuse a certificate, says what is wrong with it. */
const findingOn = async (
  { certificate, chainFault, hasNla }: Extract<RdpGreeting, { kind: "certificate" }>,
  target: Endpoint,
  { ignore_cert, preconnection_id, preconnection_blob }: Settings,
  { trust, path, takeKeyFinding, nowMs }: Judge,
): Promise<RdpFinding> => {
  const how = hasNla ? "TLS and NLA" : "TLS";
  if (ignore_cert)
    return { finding: `Answers with ${how}; its certificate is not looked at.`, certificate: noCertificate };
  try {
    const judged = await judgeCertificate({ trust, target, path, certificate, chainFault, seenBy: "doctor" });
    const standing = judged.isVouched ? `is good until ${certificate.validTo}` : certificateWords[takeKeyFinding()];
    const isNegotiated = preconnection_id === undefined && preconnection_blob === undefined;
    return { finding: `Answers with ${how}; its certificate ${standing}.`, certificate: { ...judged, isNegotiated } };
  } catch (error) {
    if (!(error instanceof SessionFailure) || error.fault !== "certificate_untrusted") throw error;
    const [fault, doubt] = doubtOf(certificate, target, { chainFault, nowMs });
    throw new SessionFailure("certificate_untrusted", `${doubt} ${error.end.detail}`, { fault, cause: error });
  }
};

const certificateWords: Readonly<Record<KeyFinding, string>> = {
  known: "is known",
  pinned: "is known",
  first_use: "is new, and would be trusted on first use: no authority vouches for it",
};

/** Why no authority vouches for a certificate under the target's name. */
const doubtOf = (
  { validFrom, validTo }: X509Certificate,
  { host }: Endpoint,
  { chainFault, nowMs }: { chainFault: string | null; nowMs: number },
): [Fault, string] => {
  if (Date.parse(validFrom) > nowMs) {
    const now = new Date(nowMs).toUTCString();
    return ["clock_skew", `The certificate of ${host} is valid from ${validFrom} on only, and it is ${now}.`];
  }
  if (Date.parse(validTo) < nowMs)
    return ["certificate_expired", `The certificate of ${host} has expired: it was valid until ${validTo}.`];
  if (chainFault !== null)
    return ["certificate_untrusted", `Nobody vouches for the certificate of ${host} (${chainFault}).`];
  return ["certificate_untrusted", `The certificate that ${host} shows is for another name.`];
};
