import { guacdTimeouts } from "./guacd-timeouts.ts";
import type { Config } from "./schema.ts";

/** The longest that guacd may take from being dialled to its own sign-in at the relay, its start tried twice at each. */
export const guacdStartMs = (config: Config): number => {
  const { connectMs, argsMs, readyMs } = guacdTimeouts(config);
  return 2 * Math.max(1, config.guacd.addresses.length) * (connectMs + argsMs + readyMs);
};
