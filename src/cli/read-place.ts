import type { Endpoint } from "../core/endpoint.ts";
import { AppError } from "../core/errors.ts";
import { checkHostname } from "../roads/check-hostname.ts";
import { UsageError } from "./common.ts";

export interface Login extends Endpoint {
  /** Empty when none was given. */
  readonly username: string;
}

/** Reads `user@host:port`, of which the host is enough; an IPv6 address with a port stands in brackets. Throws `UsageError`. */
export const readPlace = (text: string, defaultPort: number): Login => {
  const [, username = "", bareIpv6, host = bareIpv6 ?? "", port] = form.exec(text) ?? [];
  // What stands before it may be a password, which must not be shown again.
  if (username.includes(":")) throw new UsageError("passwords are asked for, never given on the command line");
  if (host === "") throw new UsageError("write hosts as host:port or user@host:port");
  const number = port === undefined ? defaultPort : Number(port);
  if (number < 1 || number > 65_535) throw new UsageError(`the port of ${host} must be 1 to 65535`);
  try {
    return { username, host: checkHostname(host), port: number };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new UsageError(`${host}: ${error.detail}`);
  }
};

const form = /^(?:([^@]*)@)?(?:([\da-f.]*(?::[\da-f.]*){2,})|(\[[^\]]*\]|[^:@/]*)(?::(\d{1,5}))?)\/?$/i;
