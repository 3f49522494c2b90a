import { setTimeout as wait } from "node:timers/promises";
import SqliteDatabase from "better-sqlite3";
import {
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";

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

/** Compiles each text of SQL once: that takes longer than running it. */
class CompiledOnce {
  readonly #file: SqliteDatabase.Database;
  readonly #statements = new Map<string, SqliteDatabase.Statement>();

  constructor(file: SqliteDatabase.Database) {
    this.#file = file;
  }

  prepare(sql: string): SqliteDatabase.Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#file.prepare(sql);
    // Lists of values make ever new texts.
    if (this.#statements.size >= maxStatements) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }

  close(): void {
    this.#file.close();
  }
}

const maxStatements = 500;

class WriterDriver extends SqliteDriver {
  readonly #file: SqliteDatabase.Database;
  readonly #begin: SqliteDatabase.Statement;
  readonly #waitNot: SqliteDatabase.Statement;
  readonly #wait: SqliteDatabase.Statement;

  constructor(file: SqliteDatabase.Database) {
    super({ database: new CompiledOnce(file) });
    this.#file = file;
    this.#begin = file.prepare("begin immediate");
    this.#waitNot = file.prepare("pragma busy_timeout = 0");
    this.#wait = file.prepare(`pragma busy_timeout = ${busyTimeoutMs}`);
  }

  override async beginTransaction(): Promise<void> {
    const deadlineMs = performance.now() + busyTimeoutMs;
    while (!this.#tryToBegin(performance.now() > deadlineMs)) await wait(retryMs);
  }

  /** A full disk makes SQLite roll back by itself, and what there is to say is the first error. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#file.inTransaction) await super.rollbackTransaction(connection);
  }

  /** SQLite's own waiting would stop the event loop, so it is switched off meanwhile. */
  #tryToBegin(isLast: boolean): boolean {
    this.#waitNot.get();
    try {
      this.#begin.run();
      return true;
    } catch (error) {
      const isBusy = error instanceof SqliteDatabase.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (isLast || !isBusy) throw error;
      return false;
    } finally {
      this.#wait.get();
    }
  }
}
