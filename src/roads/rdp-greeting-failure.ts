import type { Endpoint } from "../core/endpoint.ts";
import type { Fault } from "../core/faults.ts";
import { SessionFailure } from "../core/session-end.ts";
import type { RdpRefusal } from "./rdp-connection-confirm.ts";
import type { RdpSecurity } from "./rdp-connection-request.ts";
import type { RdpGreeting } from "./read-rdp-certificate.ts";

/** How a session ends whose target has shown no certificate, or not the security that it was asked for; else null. */
export const rdpGreetingFailure = (
  greeting: RdpGreeting,
  request: { readonly target: Endpoint; readonly security: RdpSecurity; readonly timeoutMs: number },
): SessionFailure | null => {
  const { target, security, timeoutMs } = request;
  const { host, port } = target;
  const unreachable = (fault: Fault, detail: string, cause?: unknown) =>
    new SessionFailure("target_unreachable", detail, { fault, cause });
  switch (greeting.kind) {
    case "certificate":
      if (!security.startsWith("nla") || greeting.hasNla !== false) return null;
      return unreachable("rdp_security_mismatch", `${host} does not offer NLA. Set security to tls or any.`);
    case "plain":
      return withoutCertificate(host, security, "offers only RDP's own encryption, which needs no certificate");
    case "refused":
      if (greeting.code === "SSL_NOT_ALLOWED_BY_SERVER")
        return withoutCertificate(host, security, "allows only RDP's own encryption, which needs no certificate");
      if (greeting.code === "SSL_CERT_NOT_ON_SERVER")
        return withoutCertificate(host, security, "has no certificate for TLS");
      return unreachable("rdp_security_mismatch", `${host} ${refusals[greeting.code]}.`);
    case "foreign":
      return unreachable("not_rdp", `What answers at ${host} on port ${port} is not an RDP server.`);
    case "closed":
      return greeting.isHeard
        ? unreachable(
            "tls_failed",
            `${host} closed the connection on port ${port} before it had shown its certificate.`,
          )
        : unreachable("closed_without_word", `${host} closed the connection on port ${port} without a word.`);
    case "silent": {
      const seconds = Math.round(timeoutMs / 100) / 10;
      return unreachable("mute", `${host} takes connections on port ${port} but has said nothing for ${seconds} s.`);
    }
    case "tls_failed":
      return unreachable(
        "tls_failed",
        `The secure connection to ${host} failed before it had shown its certificate. It may speak nothing newer than TLS 1.1.`,
        greeting.cause,
      );
  }
};

/** What is wrong with what was asked for; a server without TLS is told of apart. */
const refusals: Readonly<Record<Exclude<RdpRefusal, "SSL_NOT_ALLOWED_BY_SERVER" | "SSL_CERT_NOT_ON_SERVER">, string>> =
  {
    SSL_REQUIRED_BY_SERVER: "requires TLS. Set security to tls, nla or any",
    INCONSISTENT_FLAGS: "refused the connection: it found a contradiction in how it was asked",
    HYBRID_REQUIRED_BY_SERVER: "requires NLA. Set security to nla or any",
    SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER:
      "requires a certificate of the person who signs in, which cannot be given here",
  };

/** Whoever left the security to both sides is not told that it does not fit, but that nobody vouches for the target. */
const withoutCertificate = (host: string, security: RdpSecurity, fact: string): SessionFailure =>
  security === "any"
    ? new SessionFailure(
        "certificate_untrusted",
        `${host} ${fact}: nobody can tell that it is this host. Nothing was sent to it. Set security to rdp to connect all the same.`,
        { fault: "rdp_security_mismatch" },
      )
    : new SessionFailure("target_unreachable", `${host} ${fact}. It does not offer the security ${security}.`, {
        fault: "rdp_security_mismatch",
      });
