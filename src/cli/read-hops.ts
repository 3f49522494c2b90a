import { UsageError } from "./common.ts";
import { type Login, readPlace } from "./read-place.ts";

/** Reads `--via`: `user@host:port,host`, at most as many hops as a session has. Throws `UsageError`. */
export const readHops = (text: string): Login[] => {
  const hops = text.split(",").map((part) => readPlace(part.trim(), sshPort));
  if (hops.length > maxHops) throw new UsageError(`--via takes at most ${maxHops} hops`);
  return hops;
};

const sshPort = 22;
const maxHops = 8;
