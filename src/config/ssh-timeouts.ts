import type { Config } from "./schema.ts";

export const sshTimeouts = ({ ssh }: Config) => ({
  connectMs: ssh.connectTimeoutSeconds * 1000,
  keyExchangeMs: ssh.keyExchangeTimeoutSeconds * 1000,
  authMs: ssh.authTimeoutSeconds * 1000,
  channelMs: ssh.channelTimeoutSeconds * 1000,
});
