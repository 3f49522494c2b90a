import type { Kysely } from "kysely";

/** Times are milliseconds since the Unix epoch; lists are JSON text. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable("person")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("email", "text", (c) => c.notNull().unique())
    .addColumn("name", "text")
    .addColumn("oidc_issuer", "text")
    .addColumn("oidc_subject", "text")
    .addColumn("oidc_groups", "text", (c) => c.notNull())
    .addColumn("role", "text", (c) => c.notNull())
    .addColumn("role_source", "text", (c) => c.notNull())
    .addColumn("disabled_at", "bigint")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("last_login_at", "bigint")
    .addUniqueConstraint("person_identity", ["oidc_issuer", "oidc_subject"])
    .execute();

  await db.schema
    .createTable("admin_key")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("name", "text", (c) => c.notNull().unique())
    .addColumn("key_hash", "text", (c) => c.notNull().unique())
    .addColumn("allowed_ips", "text", (c) => c.notNull())
    .addColumn("expires_at", "bigint")
    .addColumn("disabled_at", "bigint")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("last_used_at", "bigint")
    .execute();

  await db.schema
    .createTable("login")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("token_hash", "text", (c) => c.notNull().unique())
    .addColumn("person_id", "text", (c) => c.references("person.id").onDelete("cascade"))
    .addColumn("admin_key_id", "text", (c) => c.references("admin_key.id").onDelete("cascade"))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("login_expires_at").on("login").column("expires_at").execute();
};
