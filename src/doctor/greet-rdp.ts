import type { X509Certificate } from "node:crypto";
import { checkServerIdentity, type SecureContext } from "node:tls";
import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import type { Endpoint, Road } from "../core/endpoint.ts";
import type { Fault } from "../core/faults.ts";
import { SessionFailure } from "../core/session-end.ts";
import type { RdpRefusal } from "../roads/rdp-connection-confirm.ts";
import { type RdpGreeting, readRdpCertificate } from "../roads/read-rdp-certificate.ts";
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
  clock: Clock;
  signal: AbortSignal;
}): Promise<string> => {
  const { target, settings, road, way, authorities, timeoutMs, clock, signal } = options;
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
  return judge(await readRdpCertificate(greeted, target, asked), target, settings, { timeoutMs, nowMs: clock.nowMs() });
};

const judge = (
  greeting: RdpGreeting,
  target: Endpoint,
  settings: Settings,
  { timeoutMs, nowMs }: { timeoutMs: number; nowMs: number },
): string => {
  const { host, port } = target;
  const fail = (fault: Fault, detail: string, cause?: unknown) =>
    new SessionFailure("target_unreachable", detail, { fault, cause });
  switch (greeting.kind) {
    case "certificate":
      if (settings.security.startsWith("nla") && greeting.hasNla === false)
        throw fail("rdp_security_mismatch", `${host} does not offer NLA. Set security to tls or any.`);
      return judgeCertificate(greeting, target, settings, nowMs);
    case "plain":
      if (settings.security === "any" || settings.security === "rdp") return "Answers with RDP's own encryption.";
      throw fail("rdp_security_mismatch", `${host} offers only RDP's own encryption. Set security to rdp or any.`);
    case "refused":
      throw fail("rdp_security_mismatch", `${host} ${refusals[greeting.code]}.`);
    case "foreign":
      throw fail("not_rdp", `What answers at ${host} on port ${port} is not an RDP server.`);
    case "closed":
      throw greeting.isHeard
        ? fail("tls_failed", `${host} closed the connection on port ${port} before it had shown its certificate.`)
        : fail("closed_without_word", `${host} closed the connection on port ${port} without a word.`);
    case "silent":
      throw fail(
        "mute",
        `${host} takes connections on port ${port} but says nothing: silent for ${timeoutMs / 1000} s.`,
      );
    case "tls_failed":
      throw fail("tls_failed", `The TLS connection to ${host} failed.`, greeting.cause);
  }
};

const refusals: Readonly<Record<RdpRefusal, string>> = {
  SSL_REQUIRED_BY_SERVER: "requires TLS. Set security to tls, nla or any",
  SSL_NOT_ALLOWED_BY_SERVER: "allows only RDP's own encryption. Set security to rdp",
  SSL_CERT_NOT_ON_SERVER: "has no certificate for TLS. Set security to rdp, or give it one",
  INCONSISTENT_FLAGS: "finds a contradiction in how it was asked",
  HYBRID_REQUIRED_BY_SERVER: "requires NLA. Set security to nla or any",
  SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER:
    "requires a certificate of the person who signs in, which cannot be given here",
};

const judgeCertificate = (
  { certificate, chainFault, hasNla }: Extract<RdpGreeting, { kind: "certificate" }>,
  { host }: Endpoint,
  { ignore_cert }: Settings,
  nowMs: number,
): string => {
  const how = hasNla ? "TLS and NLA" : "TLS";
  const untrusted = (fault: Fault, detail: string) => new SessionFailure("certificate_untrusted", detail, { fault });
  if (ignore_cert) return `Answers with ${how}; its certificate is not looked at.`;
  const { validFrom, validTo } = certificate;
  if (Date.parse(validFrom) > nowMs)
    throw untrusted(
      "clock_skew",
      `The certificate of ${host} is valid from ${validFrom} on only, and it is ${new Date(nowMs).toUTCString()}.`,
    );
  if (Date.parse(validTo) < nowMs)
    throw untrusted("certificate_expired", `The certificate of ${host} has expired: it was valid until ${validTo}.`);
  if (chainFault !== null)
    throw untrusted("certificate_untrusted", `Nobody vouches for the certificate of ${host} (${chainFault}).`);
  if (!isNamed(certificate, host))
    throw untrusted("certificate_untrusted", `The certificate that ${host} shows is for another name.`);
  return `Answers with ${how}; its certificate is good until ${validTo}.`;
};

/** An address has to be named as an address. */
const isNamed = (certificate: X509Certificate, host: string): boolean =>
  checkServerIdentity(host, certificate.toLegacyObject()) === undefined;
