import { setTimeout as wait } from "node:timers/promises";
import SqliteDatabase from "better-sqlite3";
import { type Dialect, SqliteAdapter, SqliteDriver, SqliteIntrospector, SqliteQueryCompiler } from "kysely";

/** How long a single statement or a beginning transaction waits for another process's write (the command line, say). */
const busyTimeoutMs = 5_000;
const retryMs = 10;

/**
 * SQLite as we use it. A transaction holds the write lock from its beginning: what it reads stays true until it writes,
 * and no two processes migrate at once. While another process has the lock the event loop goes on.
 */
export const createSqliteDialect = (file: SqliteDatabase.Database): Dialect => {
  file.pragma(`busy_timeout = ${busyTimeoutMs}`);
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new WriterDriver(file),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
};

/** Makes Kysely run migrations in one transaction, which SQLite supports. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class WriterDriver extends SqliteDriver {
  readonly #file: SqliteDatabase.Database;

  constructor(file: SqliteDatabase.Database) {
    super({ database: file });
    this.#file = file;
  }

  override async beginTransaction(): Promise<void> {
    const deadlineMs = performance.now() + busyTimeoutMs;
    while (!this.#tryToBegin(performance.now() > deadlineMs)) await wait(retryMs);
  }

  /** SQLite's own waiting would stop the event loop, so it is switched off meanwhile. */
  #tryToBegin(isLast: boolean): boolean {
    this.#file.pragma("busy_timeout = 0");
    try {
      this.#file.exec("begin immediate");
      return true;
    } catch (error) {
      const isBusy = error instanceof SqliteDatabase.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (isLast || !isBusy) throw error;
      return false;
    } finally {
      this.#file.pragma(`busy_timeout = ${busyTimeoutMs}`);
    }
  }
}
