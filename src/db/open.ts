import SqliteDatabase from "better-sqlite3";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import type { Secret } from "../core/secret.ts";
import { createSqliteDialect } from "./sqlite-dialect.ts";
import type { Tables } from "./tables.ts";

export type DatabaseKind = "sqlite" | "postgres";

/** An open database. Whoever opens it calls `close()`. */
export interface Database {
  readonly kind: DatabaseKind;
  readonly kysely: Kysely<Tables>;
  /** Whether it answers. Never rejects. */
  isUp(): Promise<boolean>;
  close(): Promise<void>;
}

const connectTimeoutMs = 5_000;

/** Opens `postgres://…`, or else the SQLite file at that path. The URL may carry a password, so it travels as a secret. */
export const openDatabase = (url: Secret<string>): Database =>
  /^postgres(ql)?:\/\//.test(url.reveal()) ? openPostgres(url) : openSqlite(url.reveal());

const openSqlite = (path: string): Database => {
  const file = new SqliteDatabase(path);
  file.pragma("journal_mode = WAL");
  file.pragma("synchronous = NORMAL");
  file.pragma("foreign_keys = ON");
  const kysely = new Kysely<Tables>({ dialect: createSqliteDialect(file) });
  return opened("sqlite", kysely);
};

const openPostgres = (url: Secret<string>): Database => {
  const pool = new pg.Pool({
    connectionString: url.reveal(),
    max: 10,
    connectionTimeoutMillis: connectTimeoutMs,
    types: { getTypeParser: (oid, format) => (oid === bigintOid ? Number : pg.types.getTypeParser(oid, format)) },
  });
  // A pooled connection that dies while idle is replaced at its next use; without a listener it would end the process.
  pool.on("error", () => undefined);
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return opened("postgres", kysely);
};

const opened = (kind: DatabaseKind, kysely: Kysely<Tables>): Database => ({
  kind,
  kysely,
  isUp: () =>
    sql`select 1`.execute(kysely).then(
      () => true,
      () => false,
    ),
  close: () => kysely.destroy(),
});

/** PostgreSQL's type id of bigint; our bigints are times in milliseconds, far below 2^53. */
const bigintOid = 20;
