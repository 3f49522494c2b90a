import { memo } from "react";
import type { SessionView } from "../../../resources/sessions/schema.ts";
import { GridCell } from "../grid-parts.tsx";
import { Icon } from "../icon.tsx";
import { ProtocolMark } from "../protocol-mark.tsx";
import { SessionButtons, type SessionButtonsProps } from "./session-buttons.tsx";
import { SessionState } from "./session-state.tsx";
import { addressOf, nameOf, ownerName } from "./session-words.ts";

interface SessionCellsProps extends SessionButtonsProps {
  /** The column of owners is drawn. */
  hasOwner: boolean;
  /** How long, in words; null when it never ran. */
  runTime: string | null;
  /** When it ended, in words; null in lists of running ones, which say who is attached. */
  ended: string | null;
  awayText: string;
}

/** What is drawn of a session; drawn again only when something of it has changed. */
export const SessionCells = memo(({ hasOwner, runTime, ended, awayText, ...row }: SessionCellsProps) => {
  const { session, isMine } = row;
  const name = nameOf(session);
  return (
    <>
      <GridCell className="cell-mark">
        <ProtocolMark protocol={session.session_type} />
      </GridCell>
      <GridCell className="cell-target two-lines">
        <bdi className="cut name" title={name}>
          {name}
        </bdi>
        <bdi className="cut address" title={addressOf(session)}>
          {addressOf(session)}
        </bdi>
      </GridCell>
      {hasOwner && (
        <GridCell className="cell-owner cut">
          <bdi title={session.created_by}>{ownerName(session)}</bdi>
          {isMine && " (you)"}
        </GridCell>
      )}
      <GridCell className="cell-state">
        <SessionState session={session} isMine={isMine} awayText={awayText} />
      </GridCell>
      <GridCell className="cell-for">{runTime ?? <span className="faint">Never ran</span>}</GridCell>
      <GridCell className="cell-when">{ended ?? <Attached session={session} />}</GridCell>
      <GridCell className="cell-actions">
        <SessionButtons {...row} />
      </GridCell>
    </>
  );
});
SessionCells.displayName = "SessionCells";

const Attached = ({ session }: { session: SessionView }) => {
  const count = session.active_connections;
  if (count === 0) return <span className="faint">Nobody</span>;
  return (
    <span className="with-icon">
      <Icon name="users" />
      {count === 1 ? "1 window" : `${count} windows`}
    </span>
  );
};
