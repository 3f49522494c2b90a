import { defineProtocol } from "../define-protocol.ts";
import { guacdArgs } from "../fields.ts";
import { vncSettings } from "./settings.ts";

/**
 * VNC through the guarded forward. guacd signs in itself, so it learns the target's password; a refused one is read from the
 * handshake that passes through the forward, because guacd does not tell it from an unreachable target.
 */
export const vnc = defineProtocol({
  id: "vnc",
  label: "VNC",
  defaultPort: 5900,
  keysAsUtf16: false,
  settings: vncSettings,
  credentialFields: ["password"],
  signInNames: ["password"],

  plan: (endpoint, settings) => ({
    protocol: "vnc",
    args: guacdArgs({
      ...settings,
      hostname: endpoint.host,
      port: endpoint.port,
      username: endpoint.username,
      password: endpoint.password?.reveal(),
    }),
  }),

  prepare: async (session) => ({
    ...(await session.openForward({ target: session.target, speaks: "rfb" })),
    username: session.username ?? undefined,
    password: session.secret("password") ?? undefined,
  }),
});
