import { stripVTControlCharacters, styleText } from "node:util";

/** Aligned columns for people, the headings bold on a terminal. Cells are shown as text, whatever they hold. */
export const formatTable = (headings: readonly string[], rows: readonly (readonly string[])[]): string => {
  const lines = [headings, ...rows].map((cells) => cells.map(printable));
  const widths = headings.map((_, column) => Math.max(...lines.map((cells) => lengthOf(cells[column]))));
  const [first = "", ...others] = lines.map((cells) =>
    cells
      .map((cell, column) => pad(cell, widths[column]))
      .join("  ")
      .trimEnd(),
  );
  return [styleText("bold", first, { stream: process.stdout }), ...others].join("\n");
};

const printable = (cell: string): string => stripVTControlCharacters(cell).replace(/\p{Cc}/gu, "�");
const lengthOf = (cell = ""): number => [...cell].length;
const pad = (cell: string, width = 0): string => cell + " ".repeat(Math.max(width - lengthOf(cell), 0));
