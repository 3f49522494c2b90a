import type { Kysely } from "kysely";

/** `path` is empty for a target that is reached directly; later it tells through which hops a host was seen. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable("known_host")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("path", "text", (c) => c.notNull())
    .addColumn("host", "text", (c) => c.notNull())
    .addColumn("port", "integer", (c) => c.notNull())
    .addColumn("key_type", "text", (c) => c.notNull())
    .addColumn("public_key", "text", (c) => c.notNull())
    .addColumn("fingerprint", "text", (c) => c.notNull())
    .addColumn("first_seen_at", "bigint", (c) => c.notNull())
    .addColumn("first_seen_by", "text", (c) => c.notNull())
    .addColumn("last_seen_at", "bigint", (c) => c.notNull())
    .addUniqueConstraint("known_host_once", ["path", "host", "port", "key_type"])
    .execute();
};
