import { useMediaQuery } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import type { SessionView } from "../../resources/sessions/schema.ts";
import { Grid, GridBody, GridHead, GridRow } from "./grid-parts.tsx";
import { HintBar } from "./hint-bar.tsx";
import { type RowActions, SessionRow } from "./session-row.tsx";
import { useListKeys } from "./use-list-keys.ts";
import { useWindowRows } from "./use-window-rows.ts";
import "./session-list.css";

interface SessionListProps extends Omit<RowActions, "onChoose"> {
  sessions: readonly SessionView[];
  /** Head of the column that shows the row's moment. */
  whenHead: string;
  /** When the rows were last known to be true, on this browser's clock, and the gateway's clock less it. */
  seenAtMs: number;
  skewMs: number;
}

const rowHeightPx = 52;
const phoneRowHeightPx = 124;
const headHeightPx = 32;

/** A grid with one tab stop. Rows stay where they are; the chosen one is kept by its id when the list changes. */
export const SessionList = ({ sessions, whenHead, seenAtMs, skewMs, onEnd, onStartAgain }: SessionListProps) => {
  const scroller = useRef<HTMLDivElement>(null);
  const isPhone = useMediaQuery("(max-width: 599px)", false, { getInitialValueInEffect: false });
  const heightPx = isPhone ? phoneRowHeightPx : rowHeightPx;
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [wantsFocus, setWantsFocus] = useState(false);
  const lastIndex = useRef(0);

  const found = sessions.findIndex((session) => session.session_id === chosenId);
  const chosen = found === -1 ? Math.min(lastIndex.current, sessions.length - 1) : found;
  lastIndex.current = Math.max(0, chosen);
  const chosenSession = sessions[chosen];
  const { first, end } = useWindowRows(scroller, sessions.length, heightPx);

  useListKeys({
    count: sessions.length,
    chosen,
    onMove: (index) => {
      setChosenId(sessions[index]?.session_id ?? null);
      setWantsFocus(true);
      if (scroller.current !== null)
        bringIntoView(scroller.current, index * heightPx, heightPx, isPhone ? 0 : headHeightPx);
    },
    onEnter: () => {
      if (chosenSession === undefined) return;
      if (chosenSession.status !== "ended") location.assign(chosenSession.client_url);
      else onStartAgain?.(chosenSession);
    },
    onDelete: () => {
      if (chosenSession !== undefined && chosenSession.status !== "ended") onEnd(chosenSession);
    },
  });

  useEffect(() => {
    if (!wantsFocus || chosenId === null) return;
    const row = document.getElementById(`row-${chosenId}`);
    if (row === null) return; // Not drawn yet: the window follows the scroll with the next picture.
    row.focus({ preventScroll: true });
    setWantsFocus(false);
  });

  return (
    <>
      <Grid className="list" ref={scroller} aria-label="Sessions" aria-rowcount={sessions.length + 1}>
        <GridRow className="list-head" aria-rowindex={1}>
          <GridHead>
            <span className="sr-only">Protocol</span>
          </GridHead>
          <GridHead>Target</GridHead>
          <GridHead>State</GridHead>
          <GridHead>For</GridHead>
          <GridHead>{whenHead}</GridHead>
          <GridHead>
            <span className="sr-only">Actions</span>
          </GridHead>
        </GridRow>
        <GridBody>
          <div style={{ height: first * heightPx }} />
          {sessions.slice(first, end).map((session, index) => (
            <SessionRow
              key={session.session_id}
              session={session}
              ariaRow={first + index + 2}
              isChosen={session === chosenSession}
              serverNowMs={seenAtMs + skewMs}
              onChoose={setChosenId}
              onEnd={onEnd}
              onStartAgain={onStartAgain}
            />
          ))}
          <div style={{ height: (sessions.length - end) * heightPx }} />
        </GridBody>
      </Grid>
      <HintBar chosen={chosenSession} mayMake={onStartAgain !== null} seenAtMs={seenAtMs} />
    </>
  );
};

/** Scrolls as little as it takes to see a row. The head sticks to the top and covers its height there. */
const bringIntoView = (scroller: HTMLElement, topPx: number, heightPx: number, coveredPx: number): void => {
  const lowest = topPx + heightPx + coveredPx - scroller.clientHeight;
  scroller.scrollTop = Math.min(topPx, Math.max(lowest, scroller.scrollTop));
};
