import { authorize } from "../../access/authorize.ts";
import { AppError } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";
import type { SessionDirectory } from "../../sessions/directory.ts";
import type { Session } from "../../sessions/session.ts";
import type { SessionStore } from "../../sessions/session-store.ts";
import { findSession } from "./list-sessions.ts";
import { isOwner } from "./view.ts";

/**
 * The one decision about attaching a browser, for the upgrade and for the plain GET alike; it uses nothing up. Throws
 * `forbidden`, `not_found`, `not_supported` (a mode that is not there), `conflict` (open elsewhere), `gone`.
 */
export const attachSession =
  (deps: { store: SessionStore; directory: SessionDirectory }) =>
  async (principal: Principal, id: string, mode: string | null): Promise<Session> => {
    authorize(principal, "session:attach");
    if (mode !== null && mode !== "owner")
      throw new AppError("not_supported", `mode: ${mode} is not supported yet`, { field: "mode" });
    const session = await findSession(deps.store, id);
    if (!isOwner(principal, session)) throw new AppError("forbidden", "This session belongs to someone else.");
    if (session.status === "ended") throw new AppError("gone", "This session has ended.");
    if (deps.directory.attachmentCount(id) > 0)
      throw new AppError("conflict", "This session is open in another window.");
    return session;
  };
