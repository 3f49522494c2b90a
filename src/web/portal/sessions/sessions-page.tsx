import { lazy, Suspense, useCallback, useState } from "react";
import type { SessionView } from "../../../resources/sessions/schema.ts";
import { Blank } from "../blank.tsx";
import { ErrorBlock } from "../error-block.tsx";
import { isAdmin, maySeeSessions } from "../me.ts";
import { Problem } from "../problem.ts";
import { useShell } from "../shell.ts";
import { SkeletonRows } from "../skeleton-rows.tsx";
import { usePath } from "../use-path.ts";
import { matches } from "./matches.ts";
import { NoMatch } from "./no-match.tsx";
import { NoSessions } from "./no-sessions.tsx";
import { SessionList } from "./session-list.tsx";
import { SessionsHead } from "./sessions-head.tsx";
import { useRows } from "./use-rows.ts";

const EndDialog = lazy(() => import("./end-dialog.tsx"));
const FirstRun = lazy(() => import("./first-run.tsx"));

/** Sessions: mine, everybody's (admins), ended ones. */
export const SessionsPage = () => {
  const { me, live, newSession } = useShell();
  const asked = usePath();
  const path = asked === "/everybody" && !isAdmin(me) ? "/" : asked;
  const [search, setSearch] = useState("");
  const [ending, setEnding] = useState<SessionView | null>(null);
  const { rows, setIsHeld } = useRows(path);
  const startAgain = useCallback((session: SessionView) => newSession?.({ againId: session.session_id }), [newSession]);

  if (!maySeeSessions(me)) {
    return (
      <Blank
        icon="run"
        isWholePage
        title="Your role opens no sessions"
        text={`You are signed in as ${me.role}. Ask an admin if you need to reach a server.`}
      />
    );
  }
  if (live.sessions === null) {
    if (live.problem === null) return <SkeletonRows />;
    return <ErrorBlock problem={new Problem(live.problem)} retryAtMs={live.retryAtMs} onRetry={live.retry} />;
  }
  if (isAdmin(me) && path === "/" && live.sessions.length === 0) {
    return (
      <Suspense>
        <FirstRun />
      </Suspense>
    );
  }

  const found = search.trim() === "" ? rows : rows.filter((session) => matches(session, search.trim()));
  return (
    <>
      <SessionsHead path={path} rowCount={rows.length} found={found.length} search={search} onSearch={setSearch} />
      {rows.length === 0 && <NoSessions path={path} />}
      {rows.length > 0 && found.length === 0 && <NoMatch search={search.trim()} onClear={() => setSearch("")} />}
      {found.length > 0 && (
        <SessionList
          key={path}
          path={path}
          rows={found}
          onHold={setIsHeld}
          onEnd={setEnding}
          onStartAgain={newSession === null ? null : startAgain}
        />
      )}
      {ending !== null && (
        <Suspense>
          <EndDialog session={ending} onClose={() => setEnding(null)} />
        </Suspense>
      )}
    </>
  );
};
