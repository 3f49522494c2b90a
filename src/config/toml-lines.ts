const name = `(?:[\\w-]+|"[^"]*"|'[^']*')`;
const dotted = `${name}(?:\\s*\\.\\s*${name})*`;
const header = new RegExp(`^\\s*\\[{1,2}\\s*(${dotted})\\s*\\]{1,2}`);
const assignment = new RegExp(`^\\s*(${dotted})\\s*=`);

/**
 * Finds the line (from 1) at which a key or table of a TOML text is set, for messages: the parser gives values without
 * positions. What an inline table holds is found at the inline table's own line.
 */
export const tomlLines = (text: string): ((path: string) => number | null) => {
  const lines = new Map<string, number>();
  const note = (path: string[], line: number): void => {
    const key = path.join(".");
    if (!lines.has(key)) lines.set(key, line);
  };
  let table: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const opened = header.exec(line)?.[1];
    const set = assignment.exec(line)?.[1];
    if (opened !== undefined) {
      table = namesOf(opened);
      note(table, index + 1);
    } else if (set !== undefined) note([...table, ...namesOf(set)], index + 1);
  }
  return (path) => {
    for (let key = path; key !== ""; key = key.slice(0, Math.max(key.lastIndexOf("."), 0))) {
      const line = lines.get(key);
      if (line !== undefined) return line;
    }
    return null;
  };
};

const namesOf = (path: string): string[] =>
  [...path.matchAll(new RegExp(name, "g"))].map(([part]) => part.replace(/^["']|["']$/g, ""));
