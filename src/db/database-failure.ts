import SqliteDatabase from "better-sqlite3";
import { AppError } from "../core/errors.ts";

/**
 * What callers get to hear when the database cannot do its work for a reason that passes: a full disk, a lock that another
 * process holds for long, a server that is away. Any other error stays as it is.
 */
export const databaseFailure = (error: unknown): unknown => {
  const code = codeOf(error);
  if (code === null) return error;
  return new AppError("database_unavailable", isFull(code) ? full : away, { cause: error });
};

const full = "The gateway cannot store anything, because its disk is full. Running sessions go on.";
const away = "The gateway cannot reach or change its database at the moment. Running sessions go on.";

const isFull = (code: string): boolean => code === "SQLITE_FULL" || code === "53100";

/** SQLite's results and PostgreSQL's SQLSTATE classes (or the socket's own errors) that say so; null for any other error. */
const codeOf = (error: unknown): string | null => {
  if (error instanceof SqliteDatabase.SqliteError)
    return /^SQLITE_(FULL|IOERR|BUSY|READONLY|CANTOPEN)/.test(error.code) ? error.code : null;
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  return /^(53\w|57P|08\w)\w\w$|^E(CONN|TIMEDOUT|PIPE|HOSTUNREACH)/.test(error.code) ? error.code : null;
};
