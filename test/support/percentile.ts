/** The value below which this part of the values lies; NaN when there is none. */
export const percentile = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
};

/** Milliseconds for a table. */
export const ms = (value: number): string => value.toFixed(2);
