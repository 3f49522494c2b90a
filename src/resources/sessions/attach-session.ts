import { authorize, may } from "../../access/authorize.ts";
import { AppError } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";
import type { Session } from "../../sessions/session.ts";
import type { SessionStore } from "../../sessions/session-store.ts";
import { findSession } from "./list-sessions.ts";
import { isOwner } from "./view.ts";

/** How a browser is to be attached. */
export interface Attach {
  readonly session: Session;
  readonly mode: "owner" | "view";
}

/**
 * The one decision about attaching a browser, for the upgrade and for the plain GET alike; it uses nothing up. Without a
 * mode, owners get their session and admins look on at others'. Throws `forbidden`, `not_found`, `not_supported` (a mode that
 * is not there), `not_started`, `gone`.
 */
export const attachSession =
  (deps: { store: SessionStore }) =>
  async (principal: Principal, id: string, mode: string | null): Promise<Attach> => {
    authorize(principal, "session:attach");
    if (mode !== null && mode !== "owner" && mode !== "view")
      throw new AppError("not_supported", `mode: ${mode} is not supported yet`, { field: "mode" });
    const session = await findSession(deps.store, id);
    const isMine = isOwner(principal, session);
    const wanted = mode ?? (isMine || !may(principal, "session:watch") ? "owner" : "view");
    if (!isMine && (wanted === "owner" || !may(principal, "session:watch")))
      throw new AppError("forbidden", "This session belongs to someone else.");
    if (session.status === "ended") throw new AppError("gone", "This session has ended.");
    if (wanted === "view" && session.status === "pending")
      throw new AppError("not_started", "The session has not started yet.");
    return { session, mode: wanted };
  };
