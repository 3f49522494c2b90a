import type { SessionView } from "../../../resources/sessions/schema.ts";
import { isAway } from "../live/live-state.ts";
import { endWords, failedEnds } from "../words.ts";

interface SessionStateProps {
  session: SessionView;
  isMine: boolean;
  awayText: string;
}

/** State by shape and word: disc active, triangle away, ring not opened yet, square ended. */
export const SessionState = ({ session, isMine, awayText }: SessionStateProps) => {
  const isFailed = session.end_reason !== null && failedEnds.has(session.end_reason);
  const away = isAway(session);
  const shape = away ? "away" : session.status === "ended" && isFailed ? "failed" : session.status;
  return (
    <div className={`state is-${shape}`}>
      <svg className="state-shape" width={10} height={10} viewBox="0 0 10 10" aria-hidden="true">
        {session.status === "ended" && <rect x={1} y={1} width={8} height={8} rx={1} />}
        {away && <path d="M5 .8L9.7 9.2H.3z" />}
        {session.status !== "ended" && !away && <circle cx={5} cy={5} r={session.status === "active" ? 4.5 : 3.75} />}
      </svg>
      <div className="two-lines">
        <div className="cut">{away ? awayText : wordsOf(session, isMine)}</div>
        {session.end_detail !== null && (
          <div className="cut note" title={session.end_detail}>
            <bdi>{session.end_detail}</bdi>
          </div>
        )}
      </div>
    </div>
  );
};

const wordsOf = (session: SessionView, isMine: boolean): string => {
  if (session.status === "pending") return "Not opened yet";
  if (session.status === "active") return "Active";
  if (session.end_reason === "closed" && !isMine) return "The owner ended it";
  if (session.end_reason === "client_gone" && !isMine) return "The owner was away";
  return session.end_reason === null ? "Ended" : endWords[session.end_reason];
};
