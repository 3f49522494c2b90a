import type { Kysely } from "kysely";

/** The way of a session: a JSON list of hops without their secrets, which are sealed with the session's own. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .alterTable("session")
    .addColumn("hops", "text", (c) => c.notNull().defaultTo("[]"))
    .execute();
};
