import type { Endpoint } from "../core/endpoint.ts";
import { AppError } from "../core/errors.ts";
import { protocols } from "../protocols/index.ts";
import type { SessionProtocol } from "../protocols/protocol.ts";
import { checkHostname } from "../roads/check-hostname.ts";
import { UsageError } from "./common.ts";

export interface Login extends Endpoint {
  readonly username: string;
}

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

/** Reads `user@host:port,user@host`. Throws `UsageError`. */
export const readHops = (text: string): Login[] => {
  const hops = text.split(",").map((part) => readPlace(part.trim(), sshPort));
  if (hops.length > maxHops) throw new UsageError(`--via takes at most ${maxHops} hops`);
  return hops.map((hop) => {
    if (hop.username === "") throw new UsageError(`--via needs a user name: user@${hop.host}`);
    return hop;
  });
};

const sshPort = 22;
const maxHops = 8;

const readPlace = (text: string, defaultPort: number): Login => {
  const [, username = "", host = "", port] = /^(?:([^@]*)@)?(\[[^\]]*\]|[^:@/]*)(?::(\d{1,5}))?\/?$/.exec(text) ?? [];
  // What stands before it may be a password, which must not be shown again.
  if (username.includes(":")) throw new UsageError("passwords are asked for, never given on the command line");
  if (host === "") throw new UsageError("write hosts as user@host:port");
  const number = port === undefined ? defaultPort : Number(port);
  if (number < 1 || number > 65_535) throw new UsageError(`the port of ${host} must be 1 to 65535`);
  try {
    return { username, host: checkHostname(host), port: number };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new UsageError(`${host}: ${error.detail}`);
  }
};
