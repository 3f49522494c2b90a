import { execFile } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A file system of 8 MB in memory. */
export interface SmallDisk {
  /** Leaves no byte. */
  fill(): void;
  /** Gives back what `fill` has taken. */
  clear(): void;
  /** Takes it away, with all that is in it. */
  remove(): Promise<void>;
}

/** Mounts one at `path`. Whoever does calls `remove`. */
export const mountSmallDisk = async (path: string): Promise<SmallDisk> => {
  await mkdir(path, { recursive: true });
  await run("mount", ["-t", "tmpfs", "-o", "size=8m,mode=0700", "sallyport-test", path]);
  const filler = join(path, "filler");
  return {
    fill: () => {
      const file = openSync(filler, "w");
      for (const bytes of [65_536, 4096, 1]) while (isWritten(file, bytes));
      closeSync(file);
    },
    clear: () => rmSync(filler),
    remove: async () => void (await run("umount", ["--lazy", path])),
  };
};

const isWritten = (file: number, bytes: number): boolean => {
  try {
    return writeSync(file, Buffer.alloc(bytes, 1)) > 0;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") return false;
    throw error;
  }
};
