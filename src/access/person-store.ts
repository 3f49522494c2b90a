import type { Selectable } from "kysely";
import { newId } from "../core/ids.ts";
import { type Actor, type Role, roles } from "../core/principal.ts";
import { record } from "../db/audit.ts";
import type { Database } from "../db/open.ts";
import type { PersonTable } from "../db/tables.ts";
import { transact } from "../db/transact.ts";

export interface PersonRow {
  readonly id: string;
  /** In lower case, unique. */
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly groups: readonly string[];
  readonly disabledAtMs: number | null;
}

export interface PersonStore {
  insert(person: { email: string; name: string | null; role: Role }, actor: Actor, nowMs: number): Promise<PersonRow>;
  findById(id: string): Promise<PersonRow | undefined>;
}

export const createPersonStore = (database: Database): PersonStore => ({
  insert: (person, actor, nowMs) =>
    transact(database, async (tx) => {
      const row = await tx
        .insertInto("person")
        .values({
          id: newId(),
          email: person.email.toLowerCase(),
          name: person.name,
          oidc_issuer: null,
          oidc_subject: null,
          oidc_groups: "[]",
          role: person.role,
          role_source: "manual",
          disabled_at: null,
          created_at: nowMs,
          last_login_at: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      const details = { email: row.email, role: row.role };
      await record(tx, { actor, action: "person.create", objectId: row.id, details }, nowMs);
      return toPerson(row);
    }),

  findById: async (id) => {
    const row = await database.kysely.selectFrom("person").selectAll().where("id", "=", id).executeTakeFirst();
    return row && toPerson(row);
  },
});

const toPerson = (row: Selectable<PersonTable>): PersonRow => ({
  id: row.id,
  email: row.email,
  name: row.name,
  // An unknown word in the database means the least.
  role: roles.find((role) => role === row.role) ?? "viewer",
  groups: JSON.parse(row.oidc_groups),
  disabledAtMs: row.disabled_at,
});
