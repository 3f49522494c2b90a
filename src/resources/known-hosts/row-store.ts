import type { ExpressionBuilder, Selectable } from "kysely";
import { newId } from "../../core/ids.ts";
import type { KeyKind, KeyPlace } from "../../core/key-place.ts";
import type { KeyOrigin, KeyState, KnownKey, ShownKey } from "../../core/known-key.ts";
import type { Actor } from "../../core/principal.ts";
import { record } from "../../db/audit.ts";
import type { KnownHostTable, Tables } from "../../db/tables.ts";
import type { Tx } from "../../db/transact.ts";
import { portOfPatterns } from "./places.ts";

export interface KnownHost extends KnownKey {
  readonly kind: KeyKind;
  /** The hops in front, empty for a target that is dialled directly. */
  readonly path: string;
  readonly host: string;
  /** Null where `host` is patterns or a hashed name of a known_hosts file. */
  readonly port: number | null;
  readonly firstSeenAtMs: number;
  readonly firstSeenBy: string;
  /** Null while it was only imported. */
  readonly lastSeenAtMs: number | null;
  readonly lastSeenBy: string | null;
  /** When and by whom it was approved or imported. */
  readonly decidedAtMs: number | null;
  readonly decidedBy: string | null;
}

export const toKnownHost = (row: Selectable<KnownHostTable>): KnownHost => ({
  id: row.id,
  kind: row.kind,
  path: row.path,
  host: row.host,
  port: row.port === portOfPatterns ? null : row.port,
  keyType: row.key_type,
  publicKey: row.public_key,
  fingerprint: row.fingerprint,
  state: row.state,
  origin: row.origin,
  firstSeenAtMs: row.first_seen_at,
  firstSeenBy: row.first_seen_by,
  lastSeenAtMs: row.last_seen_at,
  lastSeenBy: row.last_seen_by,
  decidedAtMs: row.decided_at,
  decidedBy: row.decided_by,
});

/** The condition for the rows of exactly this place. */
export const atPlace =
  ({ kind, path, host, port }: KeyPlace) =>
  (e: ExpressionBuilder<Tables, "known_host">) =>
    e.and({ kind, path, host, port });

export interface NewKey {
  readonly place: KeyPlace;
  readonly shown: ShownKey;
  readonly state: KeyState;
  readonly origin: KeyOrigin;
  readonly actor: Actor;
  /** For the audit: what was done, as a verb. */
  readonly verb: string;
  readonly nowMs: number;
}

/** Writes a key with its audit row. A key that is known at its place already takes this state and origin. */
export const writeKey = async (tx: Tx, { place, shown, state, origin, actor, verb, nowMs }: NewKey): Promise<void> => {
  const { kind, path, host, port } = place;
  const by = actor.principal.name;
  const wasSeen = origin === "session";
  const standing = { state, origin, decided_at: wasSeen ? null : nowMs, decided_by: wasSeen ? null : by };
  const { id } = await tx
    .insertInto("known_host")
    .values({
      id: newId(),
      ...{ kind, path, host, port },
      key_type: shown.keyType,
      public_key: shown.publicKey,
      fingerprint: shown.fingerprint,
      ...standing,
      first_seen_at: nowMs,
      first_seen_by: by,
      last_seen_at: wasSeen ? nowMs : null,
      last_seen_by: wasSeen ? by : null,
    })
    .onConflict((conflict) => conflict.columns(["kind", "path", "host", "port", "fingerprint"]).doUpdateSet(standing))
    .returning("id")
    .executeTakeFirstOrThrow();
  const details = { kind, path, host, port, key_type: shown.keyType, fingerprint: shown.fingerprint };
  await record(tx, { actor, action: `known_host.${verb}`, objectId: id, details }, nowMs);
};
