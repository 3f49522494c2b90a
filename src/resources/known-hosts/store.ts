import type { Selectable } from "kysely";
import { newId } from "../../core/ids.ts";
import { type Actor, systemPrincipal } from "../../core/principal.ts";
import { record } from "../../db/audit.ts";
import type { Database } from "../../db/open.ts";
import type { KnownHostTable } from "../../db/tables.ts";
import { transact } from "../../db/transact.ts";

/** Where a host key was seen: `path` names the hops in front, empty for a target that is dialled directly. */
export interface KnownHostPlace {
  readonly path: string;
  readonly host: string;
  readonly port: number;
}

export interface KnownHost extends KnownHostPlace {
  readonly id: string;
  readonly keyType: string;
  /** The key's blob in base64, as in a known_hosts file. */
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly firstSeenAtMs: number;
  readonly firstSeenBy: string;
  readonly lastSeenAtMs: number;
}

export interface KnownHostStore {
  find(place: KnownHostPlace): Promise<KnownHost[]>;
  remember(
    seen: KnownHostPlace & Pick<KnownHost, "keyType" | "publicKey" | "fingerprint"> & { seenBy: string },
  ): Promise<void>;
  touch(id: string): Promise<void>;
  /** By host, port and path; all of them without a page. */
  list(page?: { readonly limit: number; readonly offset: number }): Promise<KnownHost[]>;
  count(): Promise<number>;
  /** Forgets the key; false when there was none of that id. */
  forget(id: string, actor: Actor): Promise<boolean>;
}

export const createKnownHostStore = (database: Database, clock: { nowMs(): number }): KnownHostStore => {
  const select = () => database.kysely.selectFrom("known_host").selectAll();
  return {
    find: async ({ path, host, port }) =>
      (await select().where("path", "=", path).where("host", "=", host).where("port", "=", port).execute()).map(
        toKnownHost,
      ),

    remember: ({ path, host, port, keyType, publicKey, fingerprint, seenBy }) =>
      transact(database, async (tx) => {
        const id = newId();
        const nowMs = clock.nowMs();
        const row = { path, host, port, key_type: keyType, public_key: publicKey, fingerprint };
        const seen = { first_seen_at: nowMs, first_seen_by: seenBy, last_seen_at: nowMs };
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto("known_host")
          .values({ id, ...row, ...seen })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (!numInsertedOrUpdatedRows) return;
        const actor = { principal: systemPrincipal(seenBy) };
        const details = { path, host, port, key_type: keyType, fingerprint };
        await record(tx, { actor, action: "known_host.first_use", objectId: id, details }, nowMs);
      }),

    touch: (id) =>
      transact(database, async (tx) => {
        await tx.updateTable("known_host").set({ last_seen_at: clock.nowMs() }).where("id", "=", id).execute();
      }),

    list: async (page) => {
      const sorted = select().orderBy("host").orderBy("port").orderBy("path").orderBy("key_type");
      const query = page ? sorted.limit(page.limit).offset(page.offset) : sorted;
      return (await query.execute()).map(toKnownHost);
    },

    count: async () => {
      const query = database.kysely.selectFrom("known_host").select((e) => e.fn.countAll<number>().as("total"));
      return Number((await query.executeTakeFirstOrThrow()).total);
    },

    forget: (id, actor) =>
      transact(database, async (tx) => {
        const row = await tx.deleteFrom("known_host").where("id", "=", id).returningAll().executeTakeFirst();
        if (!row) return false;
        const details = { path: row.path, host: row.host, port: row.port, fingerprint: row.fingerprint };
        await record(tx, { actor, action: "known_host.forget", objectId: id, details }, clock.nowMs());
        return true;
      }),
  };
};

const toKnownHost = (row: Selectable<KnownHostTable>): KnownHost => ({
  id: row.id,
  path: row.path,
  host: row.host,
  port: row.port,
  keyType: row.key_type,
  publicKey: row.public_key,
  fingerprint: row.fingerprint,
  firstSeenAtMs: row.first_seen_at,
  firstSeenBy: row.first_seen_by,
  lastSeenAtMs: row.last_seen_at,
});
