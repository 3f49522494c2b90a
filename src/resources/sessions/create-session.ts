import { authorize } from "../../access/authorize.ts";
import type { Clock } from "../../core/clock.ts";
import type { Endpoint } from "../../core/endpoint.ts";
import { AppError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { type Actor, ownerLabel, type Principal } from "../../core/principal.ts";
import type { GuacdPlan } from "../../protocols/protocol.ts";
import { optionWarnings } from "../../sessions/option-warnings.ts";
import type { SecretBox } from "../../sessions/secret-box.ts";
import type { NewSession, Session, SessionOwner } from "../../sessions/session.ts";
import type { SessionStore } from "../../sessions/session-store.ts";
import { type ReadSessionDeps, readSession } from "./read-session.ts";
import type { CreateSessionInput } from "./schema.ts";

export interface CreateSessionDeps extends ReadSessionDeps {
  readonly store: SessionStore;
  readonly secretBox: SecretBox;
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
    const { username, width, height, dpi, banner } = input;
    const { protocol, target, settings, credentials, hops, secrets } = await readSession(deps, actor.principal, input);
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
    const sealed = deps.secretBox.seal(session.id, { ...credentials.secrets, ...secrets });
    await deps.store.insertPending(session, sealed, deps.limits(), actor);
    return { ...session, status: "pending", startedAtMs: null, endedAtMs: null, endReason: null, endDetail: null };
  };

export const ownerOf = (principal: Principal): SessionOwner => {
  if (principal.kind === "system") throw new AppError("forbidden", "The gateway itself owns no sessions.");
  return { kind: principal.kind, id: principal.id };
};

const clamp = (value: number | null | undefined, min: number, max: number): number | null =>
  value === null || value === undefined ? null : Math.min(Math.max(value, min), max);
