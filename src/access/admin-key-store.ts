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

/** Which key is meant: people name it, programs know its id. */
export type AdminKeyRef = { readonly name: string } | { readonly id: string };

/** Who changes a key, and when. */
export interface KeyChange {
  readonly actor: Actor;
  readonly nowMs: number;
}

export interface AdminKeyStore {
  /** Throws `conflict` when the name is taken. */
  insert(row: Omit<AdminKeyRow, "disabledAtMs" | "lastUsedAtMs">, keyHash: string, actor: Actor): Promise<void>;
  list(): Promise<AdminKeyRow[]>;
  findByHash(keyHash: string): Promise<AdminKeyRow | undefined>;
  findById(id: string): Promise<AdminKeyRow | undefined>;
  /**
   * The next four throw `not_found` for an unknown key. Disabling, rotating and deleting end the key's logins. With
   * `lastStays`, taking the last enabled key is a `conflict` unless an enabled admin is among people.
   */
  disable(key: AdminKeyRef, lastStays: boolean, change: KeyChange): Promise<AdminKeyRow>;
  enable(key: AdminKeyRef, change: KeyChange): Promise<AdminKeyRow>;
  rotate(key: AdminKeyRef, keyHash: string, change: KeyChange): Promise<AdminKeyRow>;
  delete(key: AdminKeyRef, lastStays: boolean, change: KeyChange): Promise<AdminKeyRow>;
  /** Remembers when a key was last used; not a change of state that the audit keeps. */
  touch(id: string, nowMs: number): Promise<void>;
}

export const createAdminKeyStore = (database: Database): AdminKeyStore => {
  const db = database.kysely;

  /** Runs `work` on the key and audits it as `admin_key.<verb>`. Gives the row as it is then, or was before it went. */
  const changeKey = (
    key: AdminKeyRef,
    verb: string,
    { actor, nowMs }: KeyChange,
    work: (tx: Tx, row: Selectable<AdminKeyTable>) => Promise<unknown>,
  ) =>
    transact(
      database,
      async (tx) => {
        const query = tx.selectFrom("admin_key").selectAll();
        const row = await ("id" in key
          ? query.where("id", "=", key.id)
          : query.where("name", "=", key.name)
        ).executeTakeFirst();
        if (!row) throw unknownKey(key);
        await work(tx, row);
        const details = { name: row.name };
        await record(tx, { actor, action: `admin_key.${verb}`, objectId: row.id, details }, nowMs);
        const after = await tx.selectFrom("admin_key").selectAll().where("id", "=", row.id).executeTakeFirst();
        return toAdminKey(after ?? row);
      },
      { alone: true },
    );

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

    disable: (key, lastStays, change) =>
      changeKey(key, "disable", change, async (tx, row) => {
        if (lastStays) await checkNotLast(tx, row, change.nowMs);
        await tx.updateTable("admin_key").set({ disabled_at: change.nowMs }).where("id", "=", row.id).execute();
        await tx.deleteFrom("login").where("admin_key_id", "=", row.id).execute();
      }),

    enable: (key, change) =>
      changeKey(key, "enable", change, (tx, { id }) =>
        tx.updateTable("admin_key").set({ disabled_at: null }).where("id", "=", id).execute(),
      ),

    rotate: (key, keyHash, change) =>
      changeKey(key, "rotate", change, async (tx, { id }) => {
        await tx.updateTable("admin_key").set({ key_hash: keyHash }).where("id", "=", id).execute();
        await tx.deleteFrom("login").where("admin_key_id", "=", id).execute();
      }),

    delete: (key, lastStays, change) =>
      changeKey(key, "delete", change, async (tx, row) => {
        if (lastStays) await checkNotLast(tx, row, change.nowMs);
        await tx.deleteFrom("admin_key").where("id", "=", row.id).execute();
      }),

    touch: (id, nowMs) =>
      transact(database, async (tx) => {
        await tx.updateTable("admin_key").set({ last_used_at: nowMs }).where("id", "=", id).execute();
      }),
  };
};

const unknownKey = (key: AdminKeyRef): AppError =>
  new AppError("not_found", "id" in key ? "There is no such admin key." : `There is no admin key named ${key.name}.`);

/** Somebody must be left who can let the others in. */
const checkNotLast = async (tx: Tx, row: Selectable<AdminKeyTable>, nowMs: number): Promise<void> => {
  const enabled = await tx
    .selectFrom("admin_key")
    .select("id")
    .where("disabled_at", "is", null)
    .where((e) => e.or([e("expires_at", "is", null), e("expires_at", ">", nowMs)]))
    .execute();
  if (enabled.length !== 1 || enabled[0]?.id !== row.id) return;
  const person = await tx
    .selectFrom("person")
    .select("id")
    .where("role", "=", "admin")
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  if (!person) throw new AppError("conflict", "This is the last admin key that works. Make another one first.");
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
