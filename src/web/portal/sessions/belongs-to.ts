import type { MeView } from "../../../resources/auth/schema.ts";
import type { SessionView } from "../../../resources/sessions/schema.ts";
import { isAdmin, isMine } from "../me.ts";
import type { PagePath } from "../paths.ts";

/** Which sessions a list holds: mine and everybody's while they live; of ended ones mine, or all for admins. */
export const belongsTo =
  (path: PagePath, me: MeView) =>
  (session: SessionView): boolean => {
    const isSeen = isMine(session, me) || (isAdmin(me) && path !== "/");
    return isSeen && (session.status === "ended") === (path === "/ended");
  };
