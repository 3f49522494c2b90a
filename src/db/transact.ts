import { sql, type Transaction } from "kysely";
import { databaseFailure } from "./database-failure.ts";
import type { Database } from "./open.ts";
import type { Tables } from "./tables.ts";

export type Tx = Transaction<Tables>;

/**
 * Every write goes through here, also one of a single statement: it waits for another process's without stopping the
 * event loop. Runs `work` in one transaction that is rolled back when it throws. With `alone: true` no second transaction of that
 * kind runs at the same time, on any node, so that counting and inserting is one act; on SQLite that holds for every one.
 * Throws `database_unavailable` when the database cannot take it now.
 */
export const transact = async <T>(
  database: Database,
  work: (tx: Tx) => Promise<T>,
  options: { alone?: boolean } = {},
): Promise<T> => {
  try {
    return await database.kysely.transaction().execute(async (tx) => {
      if (options.alone && database.kind === "postgres")
        await sql`select pg_advisory_xact_lock(${lockKey})`.execute(tx);
      return await work(tx);
    });
  } catch (error) {
    throw databaseFailure(error);
  }
};

/** Any fixed number that no other program takes in this database ("sall" in ASCII). */
const lockKey = 0x73616c6c;
