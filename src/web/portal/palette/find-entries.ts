import { type PaletteEntry, paletteGroups } from "./palette-entry.ts";

const most = 8;

/**
 * The entries that have every word of the query, at most eight, in the order of their groups. A query that begins with
 * `>` is for commands only.
 */
export const findEntries = (entries: readonly PaletteEntry[], query: string): PaletteEntry[] => {
  const isForCommands = query.startsWith(">");
  const words = wordsOf(query);
  return paletteGroups
    .flatMap((group) => entries.filter((entry) => entry.group === group))
    .filter((entry) => !isForCommands || entry.group !== "Running sessions")
    .filter((entry) => {
      const text = `${entry.title} ${entry.note ?? ""} ${"protocol" in entry.mark ? entry.mark.protocol : ""}`;
      return words.every((word) => text.toLowerCase().includes(word));
    })
    .slice(0, most);
};

/** The words that are looked for, in lower case. */
export const wordsOf = (query: string): string[] =>
  query
    .replace(/^>/, "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
