import { createHash } from "node:crypto";
import {
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/** `kept` is in git and replayed by the tests; `found` is this machine's, to go on from at the next run. */
const folders = {
  kept: new URL("../corpus/", import.meta.url).pathname,
  found: new URL("../found/", import.meta.url).pathname,
};
export type Shelf = keyof typeof folders;

export const readInputs = (shelf: Shelf, target: string): { name: string; input: Buffer }[] => {
  const folder = join(folders[shelf], target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => ({ name, input: readFileSync(join(folder, name)) }));
};

/** Gives the path of the file, whose name is the content's hash. */
export const keepInput = (shelf: Shelf, target: string, input: Buffer): string => {
  const folder = join(folders[shelf], target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, createHash("sha256").update(input).digest("hex").slice(0, 16));
  writeFileSync(path, input);
  return path;
};

/** Writes down which input comes next, for when the process itself does not survive it. */
export const openLastInput = (target: string): ((input: Buffer) => void) => {
  mkdirSync(folders.found, { recursive: true });
  const file = openSync(join(folders.found, `${target}.last`), "w");
  return (input) => {
    ftruncateSync(file);
    writeSync(file, input, 0, input.length, 0);
  };
};
