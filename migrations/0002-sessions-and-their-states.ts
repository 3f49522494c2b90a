import { type Kysely, sql } from "kysely";

const legalMoves = [
  ["new", "pending"],
  ["pending", "active"],
  ["pending", "ended"],
  ["active", "ended"],
];

const endReasons = [
  "closed",
  "terminated",
  "expired",
  "idle",
  "max_duration",
  "target_closed",
  "target_unreachable",
  "target_not_allowed",
  "host_key_changed",
  "certificate_untrusted",
  "auth_failed",
  "guacd_failed",
  "hop_failed",
  "browser_failed",
  "recording_failed",
  "client_gone",
  "revoked",
  "node_lost",
  "shutdown",
  "error",
];

/** The database holds the state machine: a move that `session_transition` does not list breaks a foreign key. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable("session_transition")
    .addColumn("prior_status", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("session_transition_key", ["prior_status", "status"])
    .execute();
  for (const [prior, status] of legalMoves)
    await sql`insert into session_transition (prior_status, status) values (${prior}, ${status})`.execute(db);

  await db.schema
    .createTable("session_end_reason")
    .addColumn("reason", "text", (c) => c.primaryKey())
    .execute();
  for (const reason of endReasons) await sql`insert into session_end_reason (reason) values (${reason})`.execute(db);

  await db.schema
    .createTable("session")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("protocol", "text", (c) => c.notNull())
    .addColumn("prior_status", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("hostname", "text")
    .addColumn("port", "integer")
    .addColumn("username", "text")
    .addColumn("settings", "text", (c) => c.notNull())
    .addColumn("sealed_secrets", "text")
    .addColumn("width", "integer")
    .addColumn("height", "integer")
    .addColumn("dpi", "integer")
    .addColumn("banner_text", "text")
    .addColumn("owner_kind", "text", (c) => c.notNull())
    .addColumn("owner_id", "text", (c) => c.notNull())
    .addColumn("created_by", "text", (c) => c.notNull())
    .addColumn("node_id", "text", (c) => c.notNull())
    .addColumn("warnings", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("started_at", "bigint")
    .addColumn("ended_at", "bigint")
    .addColumn("end_reason", "text", (c) => c.references("session_end_reason.reason"))
    .addColumn("end_detail", "text")
    .addForeignKeyConstraint("session_transition_is_legal", ["prior_status", "status"], "session_transition", [
      "prior_status",
      "status",
    ])
    .addCheckConstraint("session_end_is_whole", sql`(status = 'ended') = (end_reason is not null)`)
    .addCheckConstraint("session_secrets_are_wiped", sql`status <> 'ended' or sealed_secrets is null`)
    .execute();
  await db.schema.createIndex("session_status").on("session").columns(["status", "created_at"]).execute();
  await db.schema
    .createIndex("session_owner")
    .on("session")
    .columns(["owner_kind", "owner_id", "created_at"])
    .execute();
  await db.schema.createIndex("session_created_at").on("session").column("created_at").execute();
};
