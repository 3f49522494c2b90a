import type { Insertable, Selectable } from "kysely";
import { AppError } from "../core/errors.ts";
import type { Actor } from "../core/principal.ts";
import { record } from "../db/audit.ts";
import type { Database } from "../db/open.ts";
import type { AdminKeyTable } from "../db/tables.ts";
import { type Tx, transact } from "../db/transact.ts";

export interface AdminKeyRow {
  readonly id: string;
  readonly name: string;
  readonly allowedIps: readonly string[];
  readonly expiresAtMs: number | null;
  readonly disabledAtMs: number | null;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number | null;
}

export interface AdminKeyStore {
  /** Throws `conflict` when the name is taken. */
  insert(row: Omit<AdminKeyRow, "disabledAtMs" | "lastUsedAtMs">, keyHash: string, actor: Actor): Promise<void>;
  list(): Promise<AdminKeyRow[]>;
  findByHash(keyHash: string): Promise<AdminKeyRow | undefined>;
  findById(id: string): Promise<AdminKeyRow | undefined>;
  /** The next three throw `not_found` for an unknown name. Disabling and rotating end the key's logins. */
  setDisabled(name: string, disabled: boolean, actor: Actor, nowMs: number): Promise<AdminKeyRow>;
  rotate(name: string, keyHash: string, actor: Actor, nowMs: number): Promise<AdminKeyRow>;
  delete(name: string, actor: Actor, nowMs: number): Promise<void>;
  /** Remembers when a key was last used; not a change of state that the audit keeps. */
  touch(id: string, nowMs: number): Promise<void>;
}

export const createAdminKeyStore = (database: Database): AdminKeyStore => {
  const db = database.kysely;

  /** Runs `change` on the key of that name and audits it as `admin_key.<verb>`. */
  const changeByName = (
    name: string,
    verb: string,
    actor: Actor,
    nowMs: number,
    change: (tx: Tx, id: string) => Promise<unknown>,
  ) =>
    transact(database, async (tx) => {
      const row = await tx.selectFrom("admin_key").selectAll().where("name", "=", name).executeTakeFirst();
      if (!row) throw new AppError("not_found", `There is no admin key named ${name}.`);
      await change(tx, row.id);
      await record(tx, { actor, action: `admin_key.${verb}`, objectId: row.id, details: { name } }, nowMs);
      const after = await tx.selectFrom("admin_key").selectAll().where("id", "=", row.id).executeTakeFirst();
      return toAdminKey(after ?? row);
    });

  return {
    insert: (row, keyHash, actor) =>
      transact(database, async (tx) => {
        const taken = await tx.selectFrom("admin_key").select("id").where("name", "=", row.name).executeTakeFirst();
        if (taken)
          throw new AppError("conflict", `There is already an admin key named ${row.name}.`, { field: "name" });
        await tx.insertInto("admin_key").values(toRow(row, keyHash)).execute();
        const details = { name: row.name, allowed_ips: row.allowedIps, expires_at: row.expiresAtMs };
        await record(tx, { actor, action: "admin_key.create", objectId: row.id, details }, row.createdAtMs);
      }),

    list: async () => (await db.selectFrom("admin_key").selectAll().orderBy("name").execute()).map(toAdminKey),

    findByHash: async (keyHash) => {
      const row = await db.selectFrom("admin_key").selectAll().where("key_hash", "=", keyHash).executeTakeFirst();
      return row && toAdminKey(row);
    },

    findById: async (id) => {
      const row = await db.selectFrom("admin_key").selectAll().where("id", "=", id).executeTakeFirst();
      return row && toAdminKey(row);
    },

    setDisabled: (name, disabled, actor, nowMs) =>
      changeByName(name, disabled ? "disable" : "enable", actor, nowMs, async (tx, id) => {
        await tx
          .updateTable("admin_key")
          .set({ disabled_at: disabled ? nowMs : null })
          .where("id", "=", id)
          .execute();
        if (disabled) await tx.deleteFrom("login").where("admin_key_id", "=", id).execute();
      }),

    rotate: (name, keyHash, actor, nowMs) =>
      changeByName(name, "rotate", actor, nowMs, async (tx, id) => {
        await tx.updateTable("admin_key").set({ key_hash: keyHash }).where("id", "=", id).execute();
        await tx.deleteFrom("login").where("admin_key_id", "=", id).execute();
      }),

    delete: async (name, actor, nowMs) => {
      await changeByName(name, "delete", actor, nowMs, (tx, id) =>
        tx.deleteFrom("admin_key").where("id", "=", id).execute(),
      );
    },

    touch: (id, nowMs) =>
      transact(database, async (tx) => {
        await tx.updateTable("admin_key").set({ last_used_at: nowMs }).where("id", "=", id).execute();
      }),
  };
};

const toRow = (
  row: Omit<AdminKeyRow, "disabledAtMs" | "lastUsedAtMs">,
  keyHash: string,
): Insertable<AdminKeyTable> => ({
  id: row.id,
  name: row.name,
  key_hash: keyHash,
  allowed_ips: JSON.stringify(row.allowedIps),
  expires_at: row.expiresAtMs,
  disabled_at: null,
  created_at: row.createdAtMs,
  last_used_at: null,
});

const toAdminKey = (row: Selectable<AdminKeyTable>): AdminKeyRow => ({
  id: row.id,
  name: row.name,
  allowedIps: JSON.parse(row.allowed_ips),
  expiresAtMs: row.expires_at,
  disabledAtMs: row.disabled_at,
  createdAtMs: row.created_at,
  lastUsedAtMs: row.last_used_at,
});
