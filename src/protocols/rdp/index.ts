import type { z } from "zod";
import type { CheckedCertificate, Endpoint } from "../../core/endpoint.ts";
import { defineProtocol } from "../define-protocol.ts";
import { guacdArgs } from "../fields.ts";
import type { Prepare } from "../protocol.ts";
import { kdcAddress } from "./kdc-address.ts";
import { rdpSettings } from "./settings.ts";

const rdGatewayPort = 443;

/**
 * RDP through the guarded forward; with an RD gateway, that gateway is what lies behind the forward. Kerberos needs the
 * target's own name, so guacd dials that one itself, after the road has checked and reached it.
 */
export const rdp = defineProtocol({
  id: "rdp",
  label: "RDP",
  defaultPort: 3389,
  keysAsUtf16: true,
  settings: rdpSettings,
  credentialFields: ["password", "gateway_password"],
  signInNames: ["username", "password", "domain"],

  dialsItself: ({ auth_pkg, kdc_url }) => {
    if (auth_pkg === "kerberos") return "auth_pkg";
    return kdc_url === undefined ? null : "kdc_url";
  },

  plan: (endpoint, settings) => ({
    protocol: "rdp",
    args: guacdArgs({
      ...settings,
      ...(endpoint.certificate ? checkedSettings(settings) : {}),
      hostname: endpoint.host,
      port: endpoint.port,
      username: endpoint.username,
      password: endpoint.password?.reveal(),
      domain: endpoint.domain,
      gateway_hostname: endpoint.gateway?.host,
      gateway_port: endpoint.gateway?.port,
      gateway_password: endpoint.gateway?.password?.reveal(),
    }),
    defaults: (known) => ({
      "resize-method": "display-update",
      "enable-touch": "true",
      ...(endpoint.certificate ? certificateArgs(endpoint.certificate, isOwnDial(settings), known) : {}),
    }),
  }),

  async prepare(session, settings) {
    const { target } = session;
    const signIn = {
      username: session.username ?? undefined,
      password: session.secret("password") ?? undefined,
      domain: settings.domain,
    };
    const kdc = settings.kdc_url === undefined ? undefined : kdcAddress(settings.kdc_url);
    if (kdc) await reach(session, kdc);
    if (settings.gateway_hostname !== undefined) {
      const behind = { host: settings.gateway_hostname, port: settings.gateway_port ?? rdGatewayPort };
      const { host, port, cause } = await session.openForward({ target: behind });
      const password = session.secret("gateway_password") ?? undefined;
      return { ...target, ...signIn, gateway: { host, port, password }, cause };
    }
    const certificate = await checkCertificate(session, settings);
    if (isOwnDial(settings)) {
      await reach(session, target);
      return { ...target, ...signIn, certificate };
    }
    const forward = await session.openForward({ target, ...(certificate ? { speaks: certificate } : {}) });
    return { ...forward, ...signIn, certificate };
  },
});

type RdpSettings = z.output<typeof rdpSettings>;

/** guacd dials the target by its name, so nobody looks on. */
const isOwnDial = ({ auth_pkg }: RdpSettings): boolean => auth_pkg === "kerberos";

/** What is told of a checked certificate is not the person's; and by Kerberos nothing less than NLA makes sense. */
const checkedSettings = (settings: RdpSettings): Partial<RdpSettings> => ({
  ignore_cert: undefined,
  ...(isOwnDial(settings) && (settings.security ?? "any") === "any" ? { security: "nla" } : {}),
});

/** Undefined where there is none, or none that anybody wants checked. */
const checkCertificate = async (session: Prepare, settings: RdpSettings): Promise<CheckedCertificate | undefined> => {
  const {
    security,
    ignore_cert,
    load_balance_info: routingToken,
    preconnection_id: id,
    preconnection_blob: blob,
  } = settings;
  if (ignore_cert || security === "rdp") return undefined;
  const preconnection = id === undefined && blob === undefined ? undefined : { id, blob };
  return session.checkCertificate({ target: session.target, security, routingToken, preconnection });
};

/**
 * How guacd is told of a certificate that the gateway has checked. One that cannot be told (before 1.6) has to take any,
 * and the forward's watch sees to the rest; where guacd finds the target by its name, it can check what authorities sign.
 */
const certificateArgs = (
  { fingerprint, isVouched }: CheckedCertificate,
  isOwnDial: boolean,
  known: ReadonlySet<string>,
): Record<string, string> => {
  if (!known.has("cert-fingerprints")) return { "ignore-cert": String(!(isOwnDial && isVouched)) };
  return { "ignore-cert": "false", "cert-fingerprints": fingerprint.toLowerCase() };
};

/** Has the road check and dial what guacd will dial by its own name. */
const reach = async ({ road, signal }: Prepare, endpoint: Endpoint): Promise<void> => {
  const stream = await road.connect(endpoint, signal);
  stream.destroy();
};
