import { readFileSync } from "node:fs";

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a directory",
};

/** Reads a file whole. Throws an `Error` whose message says in words why it cannot be read. */
export const readText = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Error(`cannot be read: ${reasons[code] ?? code}`, { cause: error });
  }
};
