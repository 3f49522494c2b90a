import { authorize } from "../../access/authorize.ts";
import type { Actor } from "../../core/principal.ts";
import type { SessionDirectory } from "../../sessions/directory.ts";
import type { SessionStore } from "../../sessions/session-store.ts";
import { findSession } from "./list-sessions.ts";
import { isOwner } from "./view.ts";

/** Ends a session at once, wherever it stands. One that has ended stays as it is. Throws `forbidden`, `not_found`. */
export const endSession =
  (deps: { store: SessionStore; directory: SessionDirectory }) =>
  async (actor: Actor, id: string): Promise<void> => {
    authorize(actor.principal, "session:end");
    const session = await findSession(deps.store, id);
    const mine = isOwner(actor.principal, session);
    if (!mine) authorize(actor.principal, "session:end-any");
    if (session.status === "ended") return;
    const end = mine
      ? { reason: "closed" as const, detail: null }
      : { reason: "terminated" as const, detail: `${actor.principal.name} ended this session.` };
    await deps.directory.end(session.id, end, actor);
  };
