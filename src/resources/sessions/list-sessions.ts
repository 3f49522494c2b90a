import { authorize } from "../../access/authorize.ts";
import { AppError } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import type { Principal } from "../../core/principal.ts";
import type { Session, SessionStatus } from "../../sessions/session.ts";
import type { SessionStore } from "../../sessions/session-store.ts";

export interface ListSessionsInput {
  readonly status?: SessionStatus | undefined;
  readonly type?: string | undefined;
  readonly mine?: "true" | "false" | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** A page of sessions, newest first, and how many there are in all. */
export const listSessions =
  ({ store }: { store: SessionStore }) =>
  (principal: Principal, { status, type, mine, limit, offset }: ListSessionsInput) => {
    authorize(principal, "session:list");
    const owner =
      mine === "true" && principal.kind !== "system" ? { kind: principal.kind, id: principal.id } : undefined;
    return store.list({ status, protocol: type, owner, limit, offset });
  };

/** Throws `not_found` for an unknown or malformed id. */
export const findSession = async (store: SessionStore, id: string): Promise<Session> => {
  const session = isId(id) ? await store.find(id) : undefined;
  if (!session) throw new AppError("not_found", "There is no such session.");
  return session;
};
