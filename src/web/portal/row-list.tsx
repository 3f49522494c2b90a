import { useMediaQuery } from "@mantine/hooks";
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Grid, GridBody, GridHead, GridRow } from "./grid-parts.tsx";
import { type Hint, HintBar } from "./hint-bar.tsx";
import { useListKeys } from "./use-list-keys.ts";
import { useWindowRows } from "./use-window-rows.ts";
import "./row-list.css";

export interface RowFacts {
  readonly isChosen: boolean;
  /** For the buttons of the row: the list has one tab stop, the chosen row. */
  readonly tabIndex: 0 | -1;
}

interface RowListProps<T> {
  label: string;
  /** The class that decides the columns. */
  kind: string;
  rows: readonly T[];
  idOf: (row: T) => string;
  /** One for each column; a name in brackets is for screen readers only. */
  heads: readonly string[];
  heightPx: number;
  phoneHeightPx: number;
  renderCells: (row: T, facts: RowFacts) => ReactNode;
  onEnter?: (row: T) => void;
  onDelete?: (row: T) => void;
  hintsOf?: (row: T) => readonly Hint[];
  /** What the hint bar says of the page. */
  facts?: ReactNode;
  /** The pointer came over the rows, or left them. */
  onHold?: (isHeld: boolean) => void;
}

const headHeightPx = 32;

/** A grid with one tab stop. The chosen row is kept by its id when the rows change; long lists draw what is seen. */
export const RowList = <T,>(props: RowListProps<T>) => {
  const { rows, idOf, renderCells } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const isPhone = useMediaQuery("(max-width: 599px)", false, { getInitialValueInEffect: false });
  const heightPx = isPhone ? props.phoneHeightPx : props.heightPx;
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [wantsFocus, setWantsFocus] = useState(false);
  const lastIndex = useRef(0);

  const found = rows.findIndex((row) => idOf(row) === chosenId);
  const chosen = found === -1 ? Math.min(lastIndex.current, rows.length - 1) : found;
  lastIndex.current = Math.max(0, chosen);
  const chosenRow = rows[chosen];
  const { first, end } = useWindowRows(scroller, rows.length, heightPx);

  useListKeys({
    count: rows.length,
    chosen,
    onMove: (index) => {
      const row = rows[index];
      setChosenId(row === undefined ? null : idOf(row));
      setWantsFocus(true);
      if (scroller.current !== null)
        bringIntoView(scroller.current, index * heightPx, heightPx, isPhone ? 0 : headHeightPx);
    },
    onEnter: () => chosenRow !== undefined && props.onEnter?.(chosenRow),
    onDelete: () => chosenRow !== undefined && props.onDelete?.(chosenRow),
    onMenu: () => {
      if (chosenRow === undefined) return;
      document
        .getElementById(rowId(idOf(chosenRow)))
        ?.querySelector<HTMLElement>("button, a[href]")
        ?.focus();
    },
  });

  useEffect(() => {
    if (!wantsFocus || chosenId === null) return;
    const row = document.getElementById(rowId(chosenId));
    if (row === null) return; // Not drawn yet: the window follows the scroll with the next picture.
    row.focus({ preventScroll: true });
    setWantsFocus(false);
  });

  const hold = (isHeld: boolean) => (event: PointerEvent) => {
    if (event.pointerType === "mouse") props.onHold?.(isHeld);
  };

  return (
    <>
      <Grid
        className={`list ${props.kind}`}
        ref={scroller}
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
        onPointerEnter={hold(true)}
        onPointerLeave={hold(false)}
      >
        <GridRow className="list-head" aria-rowindex={1}>
          {props.heads.map((head) => (
            <GridHead key={head}>
              {head.startsWith("(") ? <span className="sr-only">{head.slice(1, -1)}</span> : head}
            </GridHead>
          ))}
        </GridRow>
        <GridBody>
          <div style={{ height: first * heightPx }} />
          {rows.slice(first, end).map((row, index) => {
            const isChosen = row === chosenRow;
            const tabIndex = isChosen ? 0 : -1;
            const id = idOf(row);
            return (
              <GridRow
                key={id}
                id={rowId(id)}
                className="row"
                aria-rowindex={first + index + 2}
                aria-selected={isChosen}
                tabIndex={tabIndex}
                onFocus={() => setChosenId(id)}
              >
                {renderCells(row, { isChosen, tabIndex })}
              </GridRow>
            );
          })}
          <div style={{ height: (rows.length - end) * heightPx }} />
        </GridBody>
      </Grid>
      <HintBar
        hints={chosenRow === undefined ? [] : [chooseHint, ...(props.hintsOf?.(chosenRow) ?? [])]}
        facts={props.facts}
      />
    </>
  );
};

const chooseHint: Hint = { keys: ["↑", "↓"], text: "Choose" };

const rowId = (id: string): string => `row-${id}`;

/** Scrolls as little as it takes to see a row. The head sticks to the top and covers its height there. */
const bringIntoView = (scroller: HTMLElement, topPx: number, heightPx: number, coveredPx: number): void => {
  const lowest = topPx + heightPx + coveredPx - scroller.clientHeight;
  scroller.scrollTop = Math.min(topPx, Math.max(lowest, scroller.scrollTop));
};
