import type { Config } from "./schema.ts";

export const guacdTimeouts = ({ guacd }: Config) => ({
  connectMs: guacd.connectTimeoutSeconds * 1000,
  argsMs: guacd.argsTimeoutSeconds * 1000,
  readyMs: guacd.readyTimeoutSeconds * 1000,
  silenceMs: guacd.silenceTimeoutSeconds * 1000,
});
