import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";

/** Another process holds the data directory; the message names it. */
export class LockHeldError extends Error {
  override readonly name = "LockHeldError";
}

export interface DataDirLock {
  release(): void;
}

/**
 * Takes the data directory for this process. The guarantee is the operating system's: an exclusive lock on an empty
 * SQLite file, which the kernel drops with the process, however that ends. So nothing stale is ever left to be judged.
 * The file `gateway.pid` beside it only names the holder. Throws `LockHeldError`.
 */
export const lockDataDir = (path: string): DataDirLock => {
  const pidFile = join(path, "gateway.pid");
  const file = new SqliteDatabase(join(path, "lock"), { timeout: 0 });
  try {
    file.exec("begin exclusive");
  } catch (error) {
    file.close();
    if (!(error instanceof SqliteDatabase.SqliteError) || !error.code.startsWith("SQLITE_BUSY")) throw error;
    throw new LockHeldError(`the data directory ${path} is in use by ${holder(pidFile)}`);
  }
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  const release = (): void => {
    process.off("exit", release);
    rmSync(pidFile, { force: true });
    file.close();
  };
  // Also keeps the file referenced: one that is collected as garbage would drop the lock.
  process.on("exit", release);
  return { release };
};

const holder = (pidFile: string): string => {
  try {
    return `process ${readFileSync(pidFile, "utf8").trim()}`;
  } catch {
    return "another process";
  }
};
