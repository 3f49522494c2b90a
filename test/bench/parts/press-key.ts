import { once } from "node:events";
import type { ClientChannel } from "ssh2";

/** Milliseconds from a key to its echo. */
export const pressKey = async (channel: ClientChannel): Promise<number> => {
  const echoed = once(channel, "data");
  const start = performance.now();
  channel.write("x");
  await echoed;
  return performance.now() - start;
};
