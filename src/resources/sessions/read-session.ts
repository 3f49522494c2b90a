import { may } from "../../access/authorize.ts";
import type { Endpoint } from "../../core/endpoint.ts";
import { AppError, invalidField } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";
import { zodFaults } from "../../http/validate.ts";
import { protocols } from "../../protocols/index.ts";
import type { SessionProtocol } from "../../protocols/protocol.ts";
import { type Credentials, readCredentials } from "./credentials.ts";
import { laterProtocols } from "./later-fields.ts";
import { type HopsRead, type HopTools, readHops } from "./read-hops.ts";
import type { CreateSessionInput } from "./schema.ts";
import { sortFields } from "./sort-fields.ts";

export interface ReadSessionDeps extends HopTools {
  readonly protocol: (id: string) => SessionProtocol | undefined;
}

/** A session as its request describes it, checked. */
export interface SessionRead extends HopsRead {
  readonly protocol: SessionProtocol;
  readonly target: Endpoint;
  readonly settings: Record<string, unknown>;
  readonly credentials: Credentials;
}

/** Throws the 400 of the first bad field, and `forbidden` for a field that is an admin's. */
export const readSession = async (
  deps: ReadSessionDeps,
  principal: Principal,
  input: CreateSessionInput,
  readKey?: Parameters<typeof readHops>[2],
): Promise<SessionRead> => {
  const {
    session_type,
    hostname,
    port,
    username: _,
    width: __,
    height: ___,
    dpi: ____,
    banner: _____,
    ...fields
  } = input;
  const protocol = protocolOf(deps, session_type || "ssh");
  const sorted = sortFields(fields, protocol);
  if (!hostname) throw invalidField("hostname", "is required");
  refuseAdminFields(sorted.settings, protocol, principal);
  const target = { host: deps.checkHostname(hostname), port: port ?? protocol.defaultPort };
  const settings = zodFaults(() => protocol.parseSettings(sorted.settings));
  const credentials = await readCredentials(sorted.credentials, deps.keys);
  const { hops, secrets } = await readHops(input, deps, readKey);
  if (hops.length > 0) refuseOwnDialling(settings, protocol);
  return { protocol, target, settings, credentials, hops, secrets };
};

const protocolOf = (deps: ReadSessionDeps, id: string): SessionProtocol => {
  const protocol = deps.protocol(id);
  if (protocol) return protocol;
  if (laterProtocols.some((later) => later === id))
    throw new AppError("not_supported", `session_type: ${id} is not supported yet`, { field: "session_type" });
  throw invalidField("session_type", `must be one of ${[...protocols.keys()].join(", ")}`);
};

const refuseAdminFields = (
  settings: Readonly<Record<string, unknown>>,
  protocol: SessionProtocol,
  principal: Principal,
): void => {
  const [field] = protocol.adminFields.filter((name) => name in settings);
  if (field === undefined || may(principal, "session:set-admin-fields")) return;
  throw new AppError("forbidden", `${field}: only admins may set this.`, { field });
};

/** What guacd dials by itself cannot be led through hops. */
const refuseOwnDialling = (settings: Readonly<Record<string, unknown>>, protocol: SessionProtocol): void => {
  const field = protocol.dialsItself(settings);
  if (field !== null) throw invalidField(field, "does not go together with hops");
};
