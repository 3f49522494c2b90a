import type { SessionView } from "../../../resources/sessions/schema.ts";
import { durationWords } from "../duration-words.ts";

/** What people call the session: `deploy@10.20.9.61`. */
export const nameOf = (session: SessionView): string => {
  const host = session.hostname ?? session.url ?? session.session_type;
  return session.username === null ? host : `${session.username}@${host}`;
};

/** Where it goes, in full: `10.20.9.61:22`, `[2001:db8::1]:22`. */
export const addressOf = (session: SessionView): string => {
  if (session.hostname === null) return session.url ?? "";
  const host = session.hostname.includes(":") ? `[${session.hostname}]` : session.hostname;
  return session.port === null ? host : `${host}:${session.port}`;
};

/** How people are named: by the local part of their e-mail. */
export const ownerName = (session: SessionView): string => session.created_by.split("@")[0] || session.created_by;

/** How long it has run, has waited to be opened, or did run; null when it never ran. */
export const runTimeWords = (session: SessionView, serverNowMs: number): string | null => {
  if (session.status === "pending") return durationWords(serverNowMs - Date.parse(session.created_at));
  if (session.started_at === null) return null;
  const endMs = session.ended_at === null ? serverNowMs : Date.parse(session.ended_at);
  return durationWords(endMs - Date.parse(session.started_at));
};

/** "Away, kept 4 min": for how long a session that nobody looks at is still kept. */
export const awayWords = (sinceMs: number | undefined, nowMs: number, resumeMs: number): string => {
  if (sinceMs === undefined) return `Away, kept up to ${durationWords(resumeMs)}`;
  return `Away, kept ${durationWords(Math.max(0, sinceMs + resumeMs - nowMs))}`;
};
