/** The candidate that takes the fewest single-letter changes to become `text`; the first of equals. */
export const nearest = (text: string, candidates: Iterable<string>): string => {
  let best = { candidate: "", distance: Number.POSITIVE_INFINITY };
  for (const candidate of candidates) {
    const distance = editDistance(text, candidate);
    if (distance < best.distance) best = { candidate, distance };
  }
  return best.candidate;
};

/** Levenshtein distance, one row at a time. */
const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};
