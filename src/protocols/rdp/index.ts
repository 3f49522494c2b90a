import type { Endpoint } from "../../core/endpoint.ts";
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
      hostname: endpoint.host,
      port: endpoint.port,
      username: endpoint.username,
      password: endpoint.password?.reveal(),
      domain: endpoint.domain,
      gateway_hostname: endpoint.gateway?.host,
      gateway_port: endpoint.gateway?.port,
      gateway_password: endpoint.gateway?.password?.reveal(),
    }),
    defaults: { "resize-method": "display-update", "enable-touch": "true" },
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
    if (settings.auth_pkg === "kerberos") {
      await reach(session, target);
      return { ...target, ...signIn };
    }
    return { ...(await session.openForward({ target })), ...signIn };
  },
});

/** Has the road check and dial what guacd will dial by its own name. */
const reach = async ({ road, signal }: Prepare, endpoint: Endpoint): Promise<void> => {
  const stream = await road.connect(endpoint, signal);
  stream.destroy();
};
