import { useEffect, useMemo, useState } from "react";
import type { listSessionsRoute, SessionView } from "../../../resources/sessions/schema.ts";
import { call } from "../api.ts";
import { isAdmin } from "../me.ts";
import type { PagePath } from "../paths.ts";
import { useShell } from "../shell.ts";

/** The list of ended sessions reaches further back than the gateway's events: what they do not hold is read once. */
export const useWithEarlier = (sessions: readonly SessionView[], path: PagePath): readonly SessionView[] => {
  const { me } = useShell();
  const [earlier, setEarlier] = useState<readonly SessionView[]>([]);
  const isEnded = path === "/ended";
  const seesAll = isAdmin(me);

  useEffect(() => {
    if (!isEnded) return;
    const over = new AbortController();
    readEnded(seesAll, over.signal).then(setEarlier, () => undefined);
    return () => over.abort();
  }, [isEnded, seesAll]);

  return useMemo(() => {
    const known = new Set(sessions.map(({ session_id }) => session_id));
    const others = earlier.filter(({ session_id }) => !known.has(session_id));
    if (!isEnded || others.length === 0) return sessions;
    return [...sessions, ...others].toSorted((a, b) => b.created_at.localeCompare(a.created_at));
  }, [sessions, earlier, isEnded]);
};

const readEnded = async (seesAll: boolean, signal: AbortSignal): Promise<readonly SessionView[]> => {
  const query = { status: "ended", limit: "1000", ...(seesAll ? {} : { mine: "true" }) };
  return (await call<typeof listSessionsRoute>({ method: "get", path: "/api/sessions", query, signal })).data;
};
