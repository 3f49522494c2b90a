import type { SessionView } from "../../../resources/sessions/schema.ts";

export interface MainAction {
  readonly verb: "Open" | "Return" | "Watch";
  readonly href: string;
  /** Looking on leaves the list where it is. */
  readonly opensWindow: boolean;
}

/** What Enter does with a session that has not ended; null for one of somebody else that nobody can look at yet. */
export const mainActionOf = (session: SessionView, isMine: boolean): MainAction | null => {
  if (isMine) {
    return { verb: session.status === "pending" ? "Open" : "Return", href: session.client_url, opensWindow: false };
  }
  if (session.status !== "active") return null;
  return { verb: "Watch", href: `${session.client_url}?mode=view`, opensWindow: true };
};
