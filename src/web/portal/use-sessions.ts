import { useCallback, useEffect, useRef, useState } from "react";
import type { listSessionsRoute, SessionView } from "../../resources/sessions/schema.ts";
import { call } from "./api.ts";
import { Problem } from "./problem.ts";

export interface SessionsState {
  /** Newest first; null until the first answer. */
  readonly sessions: readonly SessionView[] | null;
  /** When the list was last known to be true, on this browser's clock. */
  readonly seenAtMs: number;
  /** The gateway's clock less this browser's. */
  readonly skewMs: number;
  /** Why the last try brought nothing. */
  readonly problem: Problem | null;
  readonly retryAtMs: number | null;
}

const everyMs = 3000;
const retryDelaysMs = [4000, 8000, 15_000];
const nothing: SessionsState = { sessions: null, seenAtMs: 0, skewMs: 0, problem: null, retryAtMs: null };

/** My sessions, read again every 3 s while the page is seen, and at once when it comes back or goes online. */
export const useSessions = (maySee: boolean, onSignedOut: () => void): SessionsState & { refresh: () => void } => {
  const [state, setState] = useState(nothing);
  const refresh = useRef<() => void>(() => undefined);
  const signedOut = useRef(onSignedOut);
  signedOut.current = onSignedOut;

  useEffect(() => {
    if (!maySee) return;
    const giveUp = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLoading = false;
    let failures = 0;

    const load = async () => {
      if (isLoading) return;
      clearTimeout(timer);
      isLoading = true;
      let waitMs = everyMs;
      try {
        setState(await readSessions(giveUp.signal));
        failures = 0;
      } catch (error) {
        if (giveUp.signal.aborted || !(error instanceof Problem)) return;
        if (error.status === 401) return signedOut.current();
        waitMs = error.retryAfterS === null ? (retryDelaysMs[failures] ?? 15_000) : error.retryAfterS * 1000;
        failures += 1;
        const retryAtMs = Date.now() + waitMs;
        setState((before) => ({ ...before, problem: error, retryAtMs }));
      } finally {
        isLoading = false;
      }
      if (document.visibilityState === "visible") timer = setTimeout(() => void load(), waitMs);
    };
    const wake = () => {
      if (document.visibilityState === "visible") void load();
      else clearTimeout(timer);
    };

    refresh.current = wake;
    document.addEventListener("visibilitychange", wake, { signal: giveUp.signal });
    addEventListener("online", wake, { signal: giveUp.signal });
    wake();
    return () => {
      clearTimeout(timer);
      giveUp.abort();
    };
  }, [maySee]);

  return { ...state, refresh: useCallback(() => refresh.current(), []) };
};

const readSessions = async (signal: AbortSignal): Promise<SessionsState> => {
  const answer = await call<typeof listSessionsRoute>({
    method: "get",
    path: "/api/sessions",
    query: { mine: "true", limit: "1000" },
    signal,
  });
  const seenAtMs = Date.now();
  const skewMs = answer.serverTimeMs === null ? 0 : answer.serverTimeMs - seenAtMs;
  return { sessions: answer.data, seenAtMs, skewMs, problem: null, retryAtMs: null };
};
