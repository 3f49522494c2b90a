import { Button, SegmentedControl } from "@mantine/core";
import { lazy, Suspense, useRef, useState } from "react";
import type { MeView } from "../../resources/auth/schema.ts";
import type { SessionView } from "../../resources/sessions/schema.ts";
import { Blank } from "./blank.tsx";
import { ErrorBlock } from "./error-block.tsx";
import { HintBar } from "./hint-bar.tsx";
import { Icon } from "./icon.tsx";
import { maySeeSessions } from "./me.ts";
import { SessionList } from "./session-list.tsx";
import { SkeletonRows } from "./skeleton-rows.tsx";
import type { useSessions } from "./use-sessions.ts";

const EndDialog = lazy(() => import("./end-dialog.tsx"));

type Tab = "live" | "ended";

interface SessionsPageProps {
  me: MeView;
  state: ReturnType<typeof useSessions>;
  /** Absent when the person may not make sessions. */
  onNew: (() => void) | null;
  onStartAgain: ((session: SessionView) => void) | null;
}

export const SessionsPage = ({ me, state, onNew, onStartAgain }: SessionsPageProps) => {
  const [tab, setTab] = useState<Tab>("live");
  const [ending, setEnding] = useState<SessionView | null>(null);
  const shown = useShown(state.sessions ?? [], tab);

  if (!maySeeSessions(me)) {
    return (
      <Blank
        icon="play"
        isWholePage
        title="Your role opens no sessions"
        text={`You are signed in as ${me.role}. Ask an admin if you need to reach a server.`}
      />
    );
  }
  if (state.sessions === null) {
    if (state.problem === null) return <SkeletonRows />;
    return <ErrorBlock problem={state.problem} retryAtMs={state.retryAtMs} onRetry={state.refresh} />;
  }

  const live = state.sessions.filter((session) => session.status !== "ended").length;
  return (
    <>
      <div className="page-head">
        <h1>Sessions</h1>
        {live > 0 && <span className="note wide-only">{live} live</span>}
        <SegmentedControl
          aria-label="Which sessions"
          value={tab}
          onChange={setTab}
          data={[
            { value: "live", label: live === 0 ? "Live" : `Live ${live}` },
            { value: "ended", label: "Ended" },
          ]}
        />
      </div>
      {shown.length === 0 ? (
        <>
          <NoSessions tab={tab} onNew={onNew} />
          <HintBar mayMake={onNew !== null} seenAtMs={state.seenAtMs} />
        </>
      ) : (
        <SessionList
          key={tab}
          sessions={shown}
          whenHead={tab === "live" ? "Since" : "Ended"}
          seenAtMs={state.seenAtMs}
          skewMs={state.skewMs}
          onEnd={setEnding}
          onStartAgain={onStartAgain}
        />
      )}
      {ending !== null && (
        <Suspense>
          <EndDialog session={ending} onClose={() => setEnding(null)} onEnded={state.refresh} />
        </Suspense>
      )}
    </>
  );
};

/** Sessions that end while they are looked at stay in their place until the tab changes. */
const useShown = (sessions: readonly SessionView[], tab: Tab): readonly SessionView[] => {
  const seenLive = useRef({ tab, ids: new Set<string>() });
  if (seenLive.current.tab !== tab) seenLive.current = { tab, ids: new Set() };
  if (tab === "ended") return sessions.filter((session) => session.status === "ended");
  const { ids } = seenLive.current;
  for (const session of sessions) if (session.status !== "ended") ids.add(session.session_id);
  return sessions.filter((session) => ids.has(session.session_id));
};

const NoSessions = ({ tab, onNew }: { tab: Tab; onNew: (() => void) | null }) => {
  if (tab === "ended") {
    return <Blank icon="stop" title="No session has ended yet" text="Ended sessions stay listed here for a while." />;
  }
  if (onNew === null) {
    return <Blank icon="play" title="You have no running session" text="Sessions made for you appear here." />;
  }
  return (
    <Blank
      icon="play"
      title="You have no running session"
      text="Start one by hand: all it takes is a host and a sign-in."
      actions={
        <Button onClick={onNew} leftSection={<Icon name="plus" />}>
          New session
        </Button>
      }
    />
  );
};
