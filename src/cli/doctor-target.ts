import type { Endpoint } from "../core/endpoint.ts";
import { protocols } from "../protocols/index.ts";
import type { SessionProtocol } from "../protocols/protocol.ts";
import { UsageError } from "./common.ts";
import { readHops } from "./read-hops.ts";
import { type Login, readPlace } from "./read-place.ts";

export interface DoctorTarget {
  readonly protocol: SessionProtocol;
  readonly target: Endpoint;
}

/** Reads `ssh://user@host:port`, also `rdp://` and `vnc://`. Throws `UsageError`. */
export const readTarget = (text: string): DoctorTarget => {
  const [, scheme = "", rest = ""] = /^([a-z]+):\/\/(.+)$/i.exec(text) ?? [];
  const protocol = protocols.get(scheme.toLowerCase());
  if (!protocol)
    throw new UsageError(`name the target as ${[...protocols.keys()].map((id) => `${id}://host`).join(", ")}`);
  const { host, port } = readPlace(rest, protocol.defaultPort);
  return { protocol, target: { host, port } };
};

/** Hops that are signed in to, so each needs a user name. Throws `UsageError`. */
export const readLogins = (text: string): Login[] =>
  readHops(text).map((hop) => {
    if (hop.username === "") throw new UsageError(`--via needs a user name: user@${hop.host}`);
    return hop;
  });
