import { defineProtocol } from "../define-protocol.ts";
import { guacdArgs } from "../fields.ts";
import { sshSettings } from "./settings.ts";

/**
 * SSH ends in the gateway: guacd is sent to the session's relay with a one-time sign-in, draws the terminal, and learns
 * nothing of the target's credentials, host keys or command.
 */
export const ssh = defineProtocol({
  id: "ssh",
  label: "SSH",
  defaultPort: 22,
  keysAsUtf16: true,
  settings: sshSettings,
  credentialFields: ["password", "private_key", "passphrase", "generate_keypair"],
  signInNames: [],

  plan(endpoint, settings) {
    const { command: _, host_key: __, ...terminal } = settings;
    const args = guacdArgs({
      hostname: endpoint.host,
      port: endpoint.port,
      username: endpoint.username,
      password: endpoint.password?.reveal(),
      ...terminal,
    });
    return { protocol: "ssh", args };
  },

  prepare: (session, settings) =>
    session.openSshRelay({
      target: session.target,
      credentials: {
        username: session.username,
        password: session.secret("password"),
        privateKey: session.secret("private_key"),
        passphrase: session.secret("passphrase"),
      },
      hostKey: settings.host_key ?? null,
      command: settings.command ?? null,
      environment: {},
    }),
});
