import { sql, type Transaction } from "kysely";
import type { Database } from "./open.ts";
import type { Tables } from "./tables.ts";

export type Tx = Transaction<Tables>;

const attempts = 3;

/**
 * Runs `work` in one transaction that is rolled back when it throws. With `alone: true` no second transaction of that
 * kind runs at the same time, on any node, so that counting and inserting is one act. On SQLite a write that another
 * process got in between is tried again; `work` must therefore have no effect outside the database.
 */
export const transact = async <T>(
  database: Database,
  work: (tx: Tx) => Promise<T>,
  options: { alone?: boolean } = {},
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.kysely.transaction().execute(async (tx) => {
        if (options.alone && database.kind === "postgres")
          await sql`select pg_advisory_xact_lock(${lockKey})`.execute(tx);
        return await work(tx);
      });
    } catch (error) {
      if (attempt === attempts || !isBusy(error)) throw error;
    }
  }
};

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("SQLITE_BUSY");

/** Any fixed number that no other program takes in this database ("sall" in ASCII). */
const lockKey = 0x73616c6c;
