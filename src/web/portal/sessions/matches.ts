import type { SessionView } from "../../../resources/sessions/schema.ts";
import { addressOf, nameOf } from "./session-words.ts";

/** Whether every word of the search is in the session's name, address, owner or protocol. */
export const matches = (session: SessionView, search: string): boolean => {
  const text = [nameOf(session), addressOf(session), session.created_by, session.session_type].join(" ").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};
