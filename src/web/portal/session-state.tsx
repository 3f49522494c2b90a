import type { SessionView } from "../../resources/sessions/schema.ts";
import { endWords, failedEnds } from "./words.ts";

/** State by shape and word: disc active, ring not opened yet, square ended. */
export const SessionState = ({ session }: { session: SessionView }) => {
  const reason = session.end_reason;
  const isFailed = reason !== null && failedEnds.has(reason);
  const shape = session.status === "ended" && isFailed ? "failed" : session.status;
  return (
    <div className="state">
      <svg className={`state-shape is-${shape}`} width={10} height={10} viewBox="0 0 10 10" aria-hidden="true">
        {session.status === "ended" ? (
          <rect x={1} y={1} width={8} height={8} rx={1} />
        ) : (
          <circle cx={5} cy={5} r={session.status === "active" ? 4.5 : 3.75} />
        )}
      </svg>
      <div className="two-lines">
        <div className="cut">{wordsOf(session)}</div>
        {session.end_detail !== null && (
          <div className="cut note" title={session.end_detail}>
            <bdi>{session.end_detail}</bdi>
          </div>
        )}
      </div>
    </div>
  );
};

const wordsOf = (session: SessionView): string => {
  if (session.status === "pending") return "Not opened yet";
  if (session.status === "active") return "Active";
  return session.end_reason === null ? "Ended" : endWords[session.end_reason];
};
