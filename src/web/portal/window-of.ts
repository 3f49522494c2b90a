export interface RowWindow {
  readonly first: number;
  /** One past the last row that is drawn. */
  readonly end: number;
}

/** Rows drawn beyond each edge of what is seen. */
const spareRows = 8;

/** The rows around a piece of a list that starts `topPx` below its first row and is `heightPx` high. */
export const windowOf = (topPx: number, heightPx: number, count: number, rowHeightPx: number): RowWindow => {
  const end = Math.min(count, Math.ceil((topPx + heightPx) / rowHeightPx) + spareRows);
  return { first: Math.max(0, Math.min(Math.floor(topPx / rowHeightPx), end) - spareRows), end };
};
