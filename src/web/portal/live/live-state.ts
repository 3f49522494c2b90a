import type { SessionView } from "../../../resources/sessions/schema.ts";
import type { ProblemFacts } from "../problem.ts";

/** What is known of the sessions; plain data, so that windows can send it to each other. */
export interface LiveState {
  /** Newest first; null until the first answer. */
  readonly sessions: readonly SessionView[] | null;
  /** When the gateway was last heard, on this computer's clock. */
  readonly heardAtMs: number;
  /** The gateway's clock less this computer's. */
  readonly skewMs: number;
  /** Since when nobody is attached to a running session, by its id; only where that was seen to begin. */
  readonly awaySinceMs: Readonly<Record<string, number>>;
  /** Why the list is not live now. */
  readonly problem: ProblemFacts | null;
  readonly retryAtMs: number | null;
}

export type LiveEvent =
  | { kind: "snapshot"; sessions: readonly SessionView[]; skewMs: number; atMs: number }
  | { kind: "session"; session: SessionView; atMs: number }
  | { kind: "removed"; id: string; atMs: number }
  | { kind: "heard"; atMs: number }
  | { kind: "lost"; problem: ProblemFacts; retryAtMs: number };

export const nothingYet: LiveState = {
  sessions: null,
  heardAtMs: 0,
  skewMs: 0,
  awaySinceMs: {},
  problem: null,
  retryAtMs: null,
};

/** What is known after an event. Sessions that the event does not name stay the same objects. */
export const afterEvent = (state: LiveState, event: LiveEvent): LiveState => {
  if (event.kind === "lost") return { ...state, problem: event.problem, retryAtMs: event.retryAtMs };
  const heard = { ...state, heardAtMs: event.atMs, problem: null, retryAtMs: null };
  switch (event.kind) {
    case "heard":
      return heard;
    case "snapshot": {
      const sessions = event.sessions.toSorted(newestFirst);
      return { ...heard, sessions, skewMs: event.skewMs, awaySinceMs: stillAway(state.awaySinceMs, sessions) };
    }
    case "removed":
      return { ...heard, sessions: state.sessions?.filter(({ session_id }) => session_id !== event.id) ?? null };
    case "session":
      return { ...heard, ...withSession(state, event.session, event.atMs) };
  }
};

const withSession = (state: LiveState, session: SessionView, atMs: number) => {
  const sessions = [...(state.sessions ?? [])];
  const at = sessions.findIndex(({ session_id }) => session_id === session.session_id);
  const before = sessions[at];
  if (before !== undefined) sessions[at] = session;
  else {
    const older = sessions.findIndex((other) => newestFirst(session, other) < 0);
    sessions.splice(older === -1 ? sessions.length : older, 0, session);
  }
  const { [session.session_id]: known, ...others } = state.awaySinceMs;
  if (!isAway(session)) return { sessions, awaySinceMs: known === undefined ? state.awaySinceMs : others };
  const since = known ?? (before !== undefined && before.active_connections > 0 ? atMs : undefined);
  return { sessions, awaySinceMs: since === undefined ? others : { ...others, [session.session_id]: since } };
};

/** Running, and nobody looks: its owner's connection was lost. */
export const isAway = (session: SessionView): boolean =>
  session.status === "active" && session.active_connections === 0;

const stillAway = (known: LiveState["awaySinceMs"], sessions: readonly SessionView[]) => {
  const away = new Set(sessions.filter(isAway).map(({ session_id }) => session_id));
  return Object.fromEntries(Object.entries(known).filter(([id]) => away.has(id)));
};

const newestFirst = (a: SessionView, b: SessionView): number =>
  b.created_at.localeCompare(a.created_at) || b.session_id.localeCompare(a.session_id);
