import type { Kysely } from "kysely";
import { fitsHostList } from "../../core/host-list.ts";
import type { KeyPlace } from "../../core/key-place.ts";
import type { KeyState, KnownKeyStore } from "../../core/known-key.ts";
import { type Actor, systemPrincipal } from "../../core/principal.ts";
import { record } from "../../db/audit.ts";
import type { Database } from "../../db/open.ts";
import type { Tables } from "../../db/tables.ts";
import { type Tx, transact } from "../../db/transact.ts";
import { HashedNames } from "./hashed-names.ts";
import { type ImportCount, type ImportedKey, importKeys } from "./import-store.ts";
import { portOfPatterns } from "./places.ts";
import { atPlace, type KnownHost, toKnownHost, writeKey } from "./row-store.ts";

export type { KnownHost } from "./row-store.ts";

export interface KnownHostStore extends KnownKeyStore {
  /** Those that wait for approval first, then by host, port and path; all of them without a page. */
  list(page?: { readonly limit: number; readonly offset: number }): Promise<KnownHost[]>;
  count(): Promise<number>;
  /** Forgets the key; false when there was none of that id. */
  forget(id: string, actor: Actor): Promise<boolean>;
  /**
   * Trusts a key in the stead of all others of its place, unless it is revoked; undefined when there is none of that id. A
   * pattern's key stays, because it is other hosts' too.
   */
  approve(id: string, actor: Actor): Promise<KnownHost | "revoked" | undefined>;
  /** All of them or none. */
  import(keys: readonly ImportedKey[], actor: Actor): Promise<ImportCount>;
}

export const createKnownHostStore = (database: Database, clock: { nowMs(): number }): KnownHostStore => {
  const select = () => database.kysely.selectFrom("known_host").selectAll();
  const alone = <T>(work: (tx: Tx) => Promise<T>) => transact(database, work, { alone: true });
  const hashedNames = new HashedNames();
  return {
    find: (place) => findAt(database.kysely, place, hashedNames),

    trustFirst: (place, shown, seenBy) =>
      alone(async (tx) => {
        const trusted = tx.selectFrom("known_host").select("id").where(atPlace(place)).where("state", "=", "trusted");
        if (await trusted.executeTakeFirst()) return false;
        const actor = { principal: systemPrincipal(seenBy) };
        const first = { state: "trusted", origin: "session", verb: "first_use", nowMs: clock.nowMs() } as const;
        await writeKey(tx, { place, shown, actor, ...first });
        return true;
      }),

    propose: (place, shown, seenBy) =>
      alone(async (tx) => {
        const nowMs = clock.nowMs();
        const { numUpdatedRows } = await tx
          .updateTable("known_host")
          .set((e) => ({
            state: e.case().when("origin", "=", "session").then(e.val<KeyState>("pending")).else(e.ref("state")).end(),
            last_seen_at: nowMs,
            last_seen_by: seenBy,
          }))
          .where(atPlace(place))
          .where("fingerprint", "=", shown.fingerprint)
          .executeTakeFirst();
        if (numUpdatedRows > 0) return;
        const earlier = tx.deleteFrom("known_host").where(atPlace(place)).where("state", "=", "pending");
        await earlier.where("key_type", "=", shown.keyType).execute();
        const actor = { principal: systemPrincipal(seenBy) };
        await writeKey(tx, { place, shown, actor, state: "pending", origin: "session", verb: "propose", nowMs });
      }),

    touch: (id, seenBy) =>
      transact(database, async (tx) => {
        const seen = { last_seen_at: clock.nowMs(), last_seen_by: seenBy };
        await tx.updateTable("known_host").set(seen).where("id", "=", id).execute();
      }),

    list: async (page) => {
      const sorted = select()
        .orderBy((e) => e.case().when("state", "=", "pending").then(0).else(1).end())
        .orderBy("host")
        .orderBy("port")
        .orderBy("path")
        .orderBy("key_type")
        .orderBy("id");
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
        const { kind, path, host, port, fingerprint } = row;
        const details = { kind, path, host, port, fingerprint };
        await record(tx, { actor, action: "known_host.forget", objectId: id, details }, clock.nowMs());
        return true;
      }),

    approve: (id, actor) =>
      alone(async (tx) => {
        const nowMs = clock.nowMs();
        const known = await tx.selectFrom("known_host").select("state").where("id", "=", id).executeTakeFirst();
        if (!known) return undefined;
        if (known.state === "revoked") return known.state;
        const row = await tx
          .updateTable("known_host")
          .set({ state: "trusted", origin: "admin", decided_at: nowMs, decided_by: actor.principal.name })
          .where("id", "=", id)
          .returningAll()
          .executeTakeFirstOrThrow();
        const gone = (await findAt(tx, row, hashedNames)).filter((other) => other.id !== id && isOfOnePlace(other));
        for (const other of gone) await tx.deleteFrom("known_host").where("id", "=", other.id).execute();
        const { kind, path, host, port, fingerprint } = row;
        const details = { kind, path, host, port, fingerprint, replaced: gone.map((other) => other.fingerprint) };
        await record(tx, { actor, action: "known_host.approve", objectId: id, details }, nowMs);
        return toKnownHost(row);
      }),

    import: (keys, actor) => alone((tx) => importKeys(tx, keys, { actor, nowMs: clock.nowMs() })),
  };
};

/** The rows of a place, those whose patterns or hashed name fit it, and those that are revoked for its host on other paths. */
const findAt = async (db: Kysely<Tables>, place: KeyPlace, hashedNames: HashedNames): Promise<KnownHost[]> => {
  const { kind, path, host, port } = place;
  // Patterns fit no patterns.
  if (port === portOfPatterns) return [];
  const counting = db
    .selectFrom("known_host")
    .where("kind", "=", kind)
    .where((e) => e.or([e("path", "=", path), e("state", "=", "revoked")]));
  // Of what may be very many rows no more than is looked at: SQLite reads 10,000 so in 5 ms, during which nothing else runs.
  const lists = await counting.select(["id", "host"]).where("port", "=", portOfPatterns).execute();
  const hashed = lists.filter(isHashed).map((list) => list.host);
  const fittingHashes = hashed.length === 0 ? null : await hashedNames.ofPlace(hashed, place);
  const fits = (list: { host: string }) =>
    isHashed(list) ? fittingHashes?.has(list.host) : fitsHostList(list.host, place);
  const ids = lists.filter(fits).map(({ id }) => id);
  // Two questions, each of which has an index to go by.
  const plain = await counting.selectAll().where("host", "=", host).where("port", "=", port).execute();
  const fitting =
    ids.length === 0 ? [] : await db.selectFrom("known_host").selectAll().where("id", "in", ids).execute();
  return [...plain, ...fitting].map(toKnownHost);
};

const isHashed = ({ host }: { readonly host: string }): boolean => host.startsWith("|");

/** A hashed name is one host's as much as a plain one. */
const isOfOnePlace = ({ state, host, port }: KnownHost): boolean =>
  state !== "revoked" && (port !== null || isHashed({ host }));
