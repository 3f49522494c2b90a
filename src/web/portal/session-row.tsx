import { Button } from "@mantine/core";
import type { SessionView } from "../../resources/sessions/schema.ts";
import { momentWords } from "./duration-words.ts";
import { GridCell, GridRow } from "./grid-parts.tsx";
import { Icon } from "./icon.tsx";
import { SessionState } from "./session-state.tsx";
import { addressOf, momentOf, nameOf, runTimeWords } from "./session-words.ts";

export interface RowActions {
  onChoose: (id: string) => void;
  onEnd: (session: SessionView) => void;
  /** Absent when the person may not make sessions. */
  onStartAgain: ((session: SessionView) => void) | null;
}

interface SessionRowProps extends RowActions {
  session: SessionView;
  /** 1 for the head of the list. */
  ariaRow: number;
  isChosen: boolean;
  serverNowMs: number;
}

export const SessionRow = ({ session, ariaRow, isChosen, serverNowMs, ...actions }: SessionRowProps) => {
  const name = nameOf(session);
  const tabIndex = isChosen ? 0 : -1;
  const runTime = runTimeWords(session, serverNowMs);
  return (
    <GridRow
      className="row"
      id={`row-${session.session_id}`}
      aria-rowindex={ariaRow}
      aria-selected={isChosen}
      tabIndex={tabIndex}
      onFocus={() => actions.onChoose(session.session_id)}
    >
      <GridCell className="cell-mark">
        <span className="protocol-mark" role="img" aria-label={session.session_type.toUpperCase()}>
          <Icon name="terminal" />
        </span>
      </GridCell>
      <GridCell className="cell-target two-lines">
        <bdi className="cut name" title={name}>
          {name}
        </bdi>
        <bdi className="cut address" title={addressOf(session)}>
          {addressOf(session)}
        </bdi>
      </GridCell>
      <GridCell className="cell-state">
        <SessionState session={session} />
      </GridCell>
      <GridCell className="cell-for">
        {runTime ?? (
          <>
            <span aria-hidden="true">–</span>
            <span className="sr-only">Never ran</span>
          </>
        )}
      </GridCell>
      <GridCell className="cell-when">
        <time dateTime={new Date(momentOf(session)).toISOString()}>{momentWords(momentOf(session), serverNowMs)}</time>
      </GridCell>
      <GridCell className="cell-actions">
        <RowButtons {...actions} session={session} name={name} isChosen={isChosen} tabIndex={tabIndex} />
      </GridCell>
    </GridRow>
  );
};

interface RowButtonsProps extends Omit<RowActions, "onChoose"> {
  session: SessionView;
  name: string;
  isChosen: boolean;
  tabIndex: number;
}

const RowButtons = ({ session, name, isChosen, tabIndex, onEnd, onStartAgain }: RowButtonsProps) => {
  if (session.status === "ended") {
    if (onStartAgain === null) return null;
    return (
      <Button
        size="xs"
        variant={isChosen ? "filled" : "default"}
        tabIndex={tabIndex}
        aria-label={`Start again: ${name}`}
        leftSection={<Icon name="again" size={14} />}
        onClick={() => onStartAgain(session)}
      >
        Start again
      </Button>
    );
  }
  const verb = session.status === "pending" ? "Open" : "Return";
  return (
    <>
      <Button
        component="a"
        href={session.client_url}
        className="main-action"
        size="xs"
        variant={isChosen ? "filled" : "default"}
        tabIndex={tabIndex}
        aria-label={`${verb}: ${name}`}
        leftSection={<Icon name="play" size={12} />}
      >
        {verb}
      </Button>
      <Button
        className="end-action"
        size="xs"
        variant="subtle"
        color="bad"
        tabIndex={tabIndex}
        aria-label={`End: ${name}`}
        leftSection={<Icon name="stop" size={14} />}
        onClick={() => onEnd(session)}
      >
        End
      </Button>
    </>
  );
};
