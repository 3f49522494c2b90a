import { newId } from "../core/ids.ts";
import type { Actor } from "../core/principal.ts";
import { record } from "../db/audit.ts";
import type { Database } from "../db/open.ts";
import { transact } from "../db/transact.ts";

/** Whose login it is: exactly one of a person and an admin key. */
export type LoginHolder = { readonly personId: string } | { readonly adminKeyId: string };

export interface LoginRow {
  readonly id: string;
  readonly personId: string | null;
  readonly adminKeyId: string | null;
}

export interface LoginStore {
  insert(
    login: { tokenHash: string; holder: LoginHolder; expiresAtMs: number },
    actor: Actor,
    nowMs: number,
  ): Promise<string>;
  /** The login of that cookie when it has not expired. */
  findLive(tokenHash: string, nowMs: number): Promise<LoginRow | undefined>;
  end(id: string, actor: Actor, nowMs: number): Promise<void>;
  deleteExpired(nowMs: number): Promise<void>;
}

export const createLoginStore = (database: Database): LoginStore => ({
  insert: (login, actor, nowMs) =>
    transact(database, async (tx) => {
      const id = newId();
      await tx
        .insertInto("login")
        .values({
          id,
          token_hash: login.tokenHash,
          person_id: "personId" in login.holder ? login.holder.personId : null,
          admin_key_id: "adminKeyId" in login.holder ? login.holder.adminKeyId : null,
          created_at: nowMs,
          expires_at: login.expiresAtMs,
        })
        .execute();
      await record(tx, { actor, action: "login.create", objectId: id }, nowMs);
      return id;
    }),

  findLive: async (tokenHash, nowMs) => {
    const row = await database.kysely
      .selectFrom("login")
      .select(["id", "person_id", "admin_key_id"])
      .where("token_hash", "=", tokenHash)
      .where("expires_at", ">", nowMs)
      .executeTakeFirst();
    return row && { id: row.id, personId: row.person_id, adminKeyId: row.admin_key_id };
  },

  end: (id, actor, nowMs) =>
    transact(database, async (tx) => {
      const { numDeletedRows } = await tx.deleteFrom("login").where("id", "=", id).executeTakeFirst();
      if (numDeletedRows > 0n) await record(tx, { actor, action: "login.end", objectId: id }, nowMs);
    }),

  deleteExpired: (nowMs) =>
    transact(database, async (tx) => {
      await tx.deleteFrom("login").where("expires_at", "<=", nowMs).execute();
    }),
});
