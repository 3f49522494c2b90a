import { authorize, may } from "../../access/authorize.ts";
import type { Clock } from "../../core/clock.ts";
import type { Endpoint } from "../../core/endpoint.ts";
import { AppError, invalidField } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { type Actor, ownerLabel, type Principal } from "../../core/principal.ts";
import { zodFaults } from "../../http/validate.ts";
import { protocols } from "../../protocols/index.ts";
import type { GuacdPlan, SessionProtocol } from "../../protocols/protocol.ts";
import { optionWarnings } from "../../sessions/option-warnings.ts";
import type { SecretBox } from "../../sessions/secret-box.ts";
import type { NewSession, Session, SessionOwner } from "../../sessions/session.ts";
import type { SessionStore } from "../../sessions/session-store.ts";
import { readCredentials } from "./credentials.ts";
import { laterProtocols } from "./later-fields.ts";
import { type HopTools, readHops } from "./read-hops.ts";
import type { CreateSessionInput } from "./schema.ts";
import { sortFields } from "./sort-fields.ts";

export interface CreateSessionDeps extends HopTools {
  readonly store: SessionStore;
  readonly secretBox: SecretBox;
  readonly protocol: (id: string) => SessionProtocol | undefined;
  /** Throws `target_not_allowed` as far as it can be told now; the address is checked again when it is dialled. */
  readonly checkTarget: (
    way: { protocol: string; target: Endpoint; hops: readonly Endpoint[] },
    signal: AbortSignal,
  ) => Promise<void>;
  /** Which arguments of a plan the running guacd will pass over, as far as it is known now. */
  readonly ignoredOptions: (plan: GuacdPlan) => readonly string[];
  readonly limits: () => { total: number; perOwner: number };
  readonly clock: Clock;
  readonly nodeId: string;
}

/** Opens a pending session. Throws the 400 of the first bad field, `forbidden`, `target_not_allowed`, `limit_reached`. */
export const createSession =
  (deps: CreateSessionDeps) =>
  async (actor: Actor, input: CreateSessionInput, signal: AbortSignal): Promise<Session> => {
    authorize(actor.principal, "session:create");
    const {
      session_type,
      hostname,
      port,
      username,
      password,
      disable_copy,
      disable_paste,
      width,
      height,
      dpi,
      banner,
      ...others
    } = input;
    const protocol = protocolOf(deps, session_type || "ssh");
    const fields = sortFields({ ...others, password, disable_copy, disable_paste }, protocol);
    if (!hostname) throw invalidField("hostname", "is required");
    refuseAdminFields(fields.settings, protocol, actor.principal);
    const target = { host: deps.checkHostname(hostname), port: port ?? protocol.defaultPort };
    const settings = zodFaults(() => protocol.parseSettings(fields.settings));
    const credentials = await readCredentials(fields.credentials, deps.keys);
    const { hops, secrets: hopSecrets } = await readHops(input, deps);
    if (hops.length > 0) refuseOwnDialling(settings, protocol);
    await deps.checkTarget({ protocol: protocol.id, target, hops }, signal);

    const session: NewSession = {
      id: newId(),
      protocol: protocol.id,
      hostname: target.host,
      port: target.port,
      username: username || null,
      hops,
      settings,
      width: clamp(width, 640, 8192),
      height: clamp(height, 480, 8192),
      dpi: clamp(dpi, 48, 384),
      bannerText: [banner, credentials.publicLine].filter(Boolean).join("\n\n") || null,
      owner: ownerOf(actor.principal),
      createdBy: ownerLabel(actor.principal),
      nodeId: deps.nodeId,
      warnings: optionWarnings(deps.ignoredOptions(protocol.plan(target, settings))),
      createdAtMs: deps.clock.nowMs(),
    };
    const sealed = deps.secretBox.seal(session.id, { ...credentials.secrets, ...hopSecrets });
    await deps.store.insertPending(session, sealed, deps.limits(), actor);
    return { ...session, status: "pending", startedAtMs: null, endedAtMs: null, endReason: null, endDetail: null };
  };

const protocolOf = (deps: CreateSessionDeps, id: string): SessionProtocol => {
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

const ownerOf = (principal: Principal): SessionOwner => {
  if (principal.kind === "system") throw new AppError("forbidden", "The gateway itself owns no sessions.");
  return { kind: principal.kind, id: principal.id };
};

const clamp = (value: number | null | undefined, min: number, max: number): number | null =>
  value === null || value === undefined ? null : Math.min(Math.max(value, min), max);
