import type { Kysely } from "kysely";

/**
 * Host keys and certificates with who vouches for them. `port` is 0 where `host` is a list of patterns or a hashed name of a
 * known_hosts file, which says the port itself; nothing has been seen of an imported key yet. A place may have several keys,
 * each once. The table is made anew because SQLite cannot take a constraint from one.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable("known_key")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("path", "text", (c) => c.notNull())
    .addColumn("host", "text", (c) => c.notNull())
    .addColumn("port", "integer", (c) => c.notNull())
    .addColumn("key_type", "text", (c) => c.notNull())
    .addColumn("public_key", "text", (c) => c.notNull())
    .addColumn("fingerprint", "text", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("origin", "text", (c) => c.notNull())
    .addColumn("first_seen_at", "bigint", (c) => c.notNull())
    .addColumn("first_seen_by", "text", (c) => c.notNull())
    .addColumn("last_seen_at", "bigint")
    .addColumn("last_seen_by", "text")
    .addColumn("decided_at", "bigint")
    .addColumn("decided_by", "text")
    .addUniqueConstraint("known_key_once", ["kind", "path", "host", "port", "fingerprint"])
    .execute();
  const old = db as Kysely<OldTables>;
  for (const row of await old.selectFrom("known_host").selectAll().execute())
    await old
      .insertInto("known_key")
      .values({ ...row, kind: "ssh", state: "trusted", origin: "session" })
      .execute();
  await db.schema.dropTable("known_host").execute();
  await db.schema.alterTable("known_key").renameTo("known_host").execute();
};

interface OldTables {
  known_host: OldRow;
  known_key: OldRow & { kind: string; state: string; origin: string };
}

interface OldRow {
  id: string;
  path: string;
  host: string;
  port: number;
  key_type: string;
  public_key: string;
  fingerprint: string;
  first_seen_at: number;
  first_seen_by: string;
  last_seen_at: number;
}
