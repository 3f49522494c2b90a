/** A table of the configuration file, keys as the file spells them. */
export type Table = Record<string, unknown>;

export const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value at a dotted path, or undefined. */
export const getPath = (table: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((node, name) => (isTable(node) ? node[name] : undefined), table);

/** Sets the value at a dotted path and makes the tables on the way. A value that stands where a table belongs stays. */
export const setPath = (table: Table, path: string, value: unknown): void => {
  const [name = "", ...rest] = path.split(".");
  if (rest.length === 0) table[name] = value;
  else {
    table[name] ??= {};
    if (isTable(table[name])) setPath(table[name], rest.join("."), value);
  }
};
