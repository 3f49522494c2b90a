import type { SessionView } from "../../../resources/sessions/schema.ts";
import { Countdown } from "../countdown.tsx";
import { durationWords, momentWords } from "../duration-words.ts";
import type { Hint } from "../hint-bar.tsx";
import { isAdmin, isMine } from "../me.ts";
import { resumeMs } from "../page-facts.ts";
import type { PagePath } from "../paths.ts";
import { RowList } from "../row-list.tsx";
import { useShell } from "../shell.ts";
import { useNow } from "../use-now.ts";
import { mainActionOf } from "./main-action.ts";
import { SessionCells } from "./session-cells.tsx";
import { awayWords, runTimeWords } from "./session-words.ts";
import "./session-list.css";

interface SessionListProps {
  path: PagePath;
  rows: readonly SessionView[];
  onEnd: (session: SessionView) => void;
  onStartAgain: ((session: SessionView) => void) | null;
  onHold: (isHeld: boolean) => void;
}

const rowHeightPx = 52;
const phoneRowHeightPx = 124;

export const SessionList = ({ path, rows, onEnd, onStartAgain, onHold }: SessionListProps) => {
  const { me, live } = useShell();
  const nowMs = useNow(1000);
  const serverNowMs = nowMs + live.skewMs;
  const isEnded = path === "/ended";
  const hasOwner = isAdmin(me) && path !== "/";

  const open = (session: SessionView) => {
    if (session.status === "ended") return onStartAgain?.(session);
    const action = mainActionOf(session, isMine(session, me));
    if (action === null) return;
    if (action.opensWindow) window.open(action.href, "_blank", "noopener");
    else location.assign(action.href);
  };
  const hintsOf = (session: SessionView): Hint[] => {
    if (session.status === "ended") return onStartAgain === null ? [] : [{ keys: ["Enter"], text: "Start again" }];
    const action = mainActionOf(session, isMine(session, me));
    return [...(action === null ? [] : [{ keys: ["Enter"], text: action.verb }]), { keys: ["Del"], text: "End" }];
  };

  return (
    <RowList
      label="Sessions"
      kind={hasOwner ? "session-list has-owner" : "session-list"}
      rows={rows}
      idOf={idOf}
      heads={[
        "(Protocol)",
        "Target",
        ...(hasOwner ? ["Owner"] : []),
        "State",
        "For",
        isEnded ? "Ended" : "Attached",
        "(Actions)",
      ]}
      heightPx={rowHeightPx}
      phoneHeightPx={phoneRowHeightPx}
      onHold={onHold}
      onEnter={open}
      onDelete={(session) => session.status !== "ended" && onEnd(session)}
      hintsOf={hintsOf}
      facts={<Freshness nowMs={nowMs} />}
      renderCells={(session, facts) => (
        <SessionCells
          {...facts}
          session={session}
          isMine={isMine(session, me)}
          hasOwner={hasOwner}
          runTime={runTimeWords(session, serverNowMs)}
          ended={isEnded ? momentWords(Date.parse(session.ended_at ?? session.created_at), serverNowMs) : null}
          awayText={awayWords(live.awaySinceMs[session.session_id], nowMs, resumeMs())}
          onEnd={onEnd}
          onStartAgain={onStartAgain}
        />
      )}
    />
  );
};

const idOf = (session: SessionView): string => session.session_id;

/** How true the list is. The strip under the top bar tells more when it is not live. */
const Freshness = ({ nowMs }: { nowMs: number }) => {
  const { live } = useShell();
  if (live.retryAtMs !== null) {
    return (
      <>
        Not live. Trying again in <Countdown untilMs={live.retryAtMs} />.
      </>
    );
  }
  return <>Live, updated {durationWords(nowMs - live.heardAtMs)} ago</>;
};
