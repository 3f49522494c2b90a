import { useCallback, useEffect, useRef, useState } from "react";
import type { MeView } from "../../../resources/auth/schema.ts";
import { maySeeSessions } from "../me.ts";
import { type LiveState, nothingYet } from "./live-state.ts";
import { shareEvents } from "./share-events.ts";

export interface LiveSessions extends LiveState {
  /** Tries again now instead of at `retryAtMs`. */
  readonly retry: () => void;
}

/** The sessions that the person may see, as the gateway pushes them. */
export const useLiveSessions = (me: MeView, onSignedOut: () => void): LiveSessions => {
  const [state, setState] = useState(nothingYet);
  const retry = useRef<() => void>(() => undefined);
  const signedOut = useRef(onSignedOut);
  signedOut.current = onSignedOut;
  const name = `sallyport-events ${me.auth_type} ${me.email ?? me.name}`;
  const maySee = maySeeSessions(me);

  useEffect(() => {
    if (!maySee) return;
    const over = new AbortController();
    const shared = shareEvents({
      name,
      onState: setState,
      onSignedOut: () => signedOut.current(),
      signal: over.signal,
    });
    retry.current = shared.retry;
    return () => over.abort();
  }, [name, maySee]);

  return { ...state, retry: useCallback(() => retry.current(), []) };
};
