import { type RefObject, useEffect, useState } from "react";
import { type RowWindow, windowOf } from "./window-of.ts";

/** Lists up to this long are drawn whole. */
const wholeUpTo = 200;

/** Which rows of a long list of even height are near the visible part of the element that scrolls. */
export const useWindowRows = (
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowHeightPx: number,
): RowWindow => {
  const [seen, setSeen] = useState({ topPx: 0, heightPx: 900 });
  const isWindowed = count > wholeUpTo;

  useEffect(() => {
    const element = scroller.current;
    if (element === null || !isWindowed) return;
    const look = () => {
      // Whole rows only: scrolling within a row draws nothing anew.
      const topPx = Math.floor(element.scrollTop / rowHeightPx) * rowHeightPx;
      const heightPx = element.clientHeight;
      setSeen((before) => (before.topPx === topPx && before.heightPx === heightPx ? before : { topPx, heightPx }));
    };
    const resized = new ResizeObserver(look);
    resized.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroller, isWindowed, rowHeightPx]);

  return isWindowed ? windowOf(seen.topPx, seen.heightPx, count, rowHeightPx) : { first: 0, end: count };
};
