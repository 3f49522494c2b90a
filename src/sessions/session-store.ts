import type { Insertable, Selectable } from "kysely";
import { AppError } from "../core/errors.ts";
import type { Actor } from "../core/principal.ts";
import type { EndReason } from "../core/session-end.ts";
import { record } from "../db/audit.ts";
import type { Database } from "../db/open.ts";
import type { SessionTable } from "../db/tables.ts";
import { type Tx, transact } from "../db/transact.ts";
import type { NewSession, Session, SessionOwner, SessionStatus } from "./session.ts";

export interface SessionFilter {
  readonly status?: SessionStatus | undefined;
  readonly protocol?: string | undefined;
  readonly owner?: SessionOwner | undefined;
  readonly limit: number;
  readonly offset: number;
}

interface DiagnosisDetails {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number;
  /** As `host:port`. */
  readonly hops: readonly string[];
}

export interface SessionStore {
  /** Throws `limit_reached` when live sessions already fill a limit; counting and inserting is one act. */
  insertPending(
    session: NewSession,
    sealedSecrets: Buffer | null,
    limits: { total: number; perOwner: number },
    actor: Actor,
  ): Promise<void>;
  /** Throws `limit_reached` as `insertPending` would now. */
  checkLimits(owner: SessionOwner, limits: { total: number; perOwner: number }): Promise<void>;
  find(id: string): Promise<Session | undefined>;
  /** Newest first. */
  list(filter: SessionFilter): Promise<{ sessions: Session[]; total: number }>;
  /** All live sessions and the latest ended ones, newest first. */
  listCurrent(limits: { ended: number }): Promise<Session[]>;
  readSecrets(id: string): Promise<Buffer | null>;
  /** `pending → active`; false when the session has ended meanwhile. */
  activate(id: string, warnings: readonly string[], actor: Actor, nowMs: number): Promise<boolean>;
  /** Ends a live session and wipes its secrets; false when it had ended before, its row unchanged. */
  end(id: string, end: { reason: EndReason; detail: string | null }, actor: Actor, nowMs: number): Promise<boolean>;
  /** Writes down that somebody begins or ceases to look on. */
  recordWatch(id: string, action: "session.watch" | "session.unwatch", actor: Actor, nowMs: number): Promise<void>;
  /** Writes down that somebody tests a way, which `id` stands for. */
  recordDiagnosis(id: string, details: DiagnosisDetails, actor: Actor, nowMs: number): Promise<void>;
  /** Live sessions of a node, or its pending ones alone. */
  listLive(filter: { nodeId: string; status?: "pending" }): Promise<Session[]>;
  /** How many live sessions of a node there are, by protocol and state. */
  countLive(filter: { nodeId: string }): Promise<{ protocol: string; state: SessionStatus; count: number }[]>;
  listLiveOf(owner: SessionOwner): Promise<Session[]>;
  /** Whose live sessions run on a node. */
  listLiveOwners(filter: { nodeId: string }): Promise<SessionOwner[]>;
  /** Gives the ids of those that it has deleted. */
  deleteEndedBefore(timeMs: number): Promise<string[]>;
}

export const createSessionStore = (database: Database): SessionStore => {
  const db = database.kysely;
  return {
    insertPending: (session, sealedSecrets, limits, actor) =>
      transact(
        database,
        async (tx) => {
          await checkLimits(tx, session.owner, limits);
          await tx.insertInto("session").values(toRow(session, sealedSecrets)).execute();
          const { protocol, hostname, port, username } = session;
          const hops = session.hops.map(({ host, port: hopPort }) => `${host}:${hopPort}`);
          const details = { protocol, hostname, port, username, ...(hops.length > 0 ? { hops } : {}) };
          await record(tx, { actor, action: "session.create", objectId: session.id, details }, session.createdAtMs);
        },
        { alone: true },
      ),

    checkLimits: (owner, limits) => transact(database, (tx) => checkLimits(tx, owner, limits)),

    find: async (id) => {
      const row = await db.selectFrom("session").selectAll().where("id", "=", id).executeTakeFirst();
      return row && toSession(row);
    },

    list: async ({ status, protocol, owner, limit, offset }) => {
      let query = db.selectFrom("session");
      if (status) query = query.where("status", "=", status);
      if (protocol) query = query.where("protocol", "=", protocol);
      if (owner) query = query.where("owner_kind", "=", owner.kind).where("owner_id", "=", owner.id);
      const rows = await query
        .selectAll()
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(limit)
        .offset(offset)
        .execute();
      const { total } = await query.select((e) => e.fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
      return { sessions: rows.map(toSession), total: Number(total) };
    },

    listCurrent: async (limits) => {
      const newest = () => db.selectFrom("session").orderBy("created_at", "desc").orderBy("id", "desc");
      const latest = newest().select("id").where("status", "=", "ended").limit(limits.ended);
      const rows = await newest()
        .selectAll()
        .where((e) => e.or([e("status", "in", ["pending", "active"]), e("id", "in", latest)]))
        .execute();
      return rows.map(toSession);
    },

    readSecrets: async (id) => {
      const row = await db.selectFrom("session").select("sealed_secrets").where("id", "=", id).executeTakeFirst();
      return row?.sealed_secrets ? Buffer.from(row.sealed_secrets, "base64") : null;
    },

    activate: (id, warnings, actor, nowMs) =>
      transact(database, async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable("session")
          .set((e) => ({
            prior_status: "pending",
            status: "active",
            // The host's clock may have been set back meanwhile.
            started_at: e.case().when("created_at", ">", nowMs).then(e.ref("created_at")).else(nowMs).end(),
            warnings: JSON.stringify(warnings),
          }))
          .where("id", "=", id)
          .where("status", "=", "pending")
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await record(tx, { actor, action: "session.activate", objectId: id }, nowMs);
        return true;
      }),

    end: (id, end, actor, nowMs) =>
      transact(database, async (tx) => {
        const columns = ["status", "created_at", "started_at"] as const;
        const row = await tx.selectFrom("session").select(columns).where("id", "=", id).executeTakeFirst();
        if (!row || row.status === "ended") return false;
        const { numUpdatedRows } = await tx
          .updateTable("session")
          .set({
            prior_status: row.status,
            status: "ended",
            ended_at: Math.max(nowMs, row.started_at ?? row.created_at),
            end_reason: end.reason,
            // Targets may have written it; PostgreSQL takes no NUL, and a session must end.
            end_detail: end.detail?.replaceAll("\0", "") ?? null,
            sealed_secrets: null,
          })
          .where("id", "=", id)
          .where("status", "=", row.status)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await record(tx, { actor, action: "session.end", objectId: id, details: { ...end } }, nowMs);
        return true;
      }),

    recordWatch: (id, action, actor, nowMs) =>
      transact(database, (tx) => record(tx, { actor, action, objectId: id }, nowMs)),

    recordDiagnosis: (id, details, actor, nowMs) =>
      transact(database, (tx) =>
        record(tx, { actor, action: "session.diagnose", objectId: id, details: { ...details } }, nowMs),
      ),

    listLive: async ({ nodeId, status }) => {
      const query = db.selectFrom("session").selectAll().where("node_id", "=", nodeId);
      const statuses = status ? [status] : (["pending", "active"] as const);
      return (await query.where("status", "in", statuses).execute()).map(toSession);
    },

    countLive: async ({ nodeId }) => {
      const rows = await db
        .selectFrom("session")
        .select((e) => ["protocol", "status as state", e.fn.countAll<number>().as("count")])
        .where("node_id", "=", nodeId)
        .where("status", "in", ["pending", "active"])
        .groupBy(["protocol", "status"])
        .execute();
      return rows.map((row) => ({ ...row, count: Number(row.count) }));
    },

    listLiveOf: async ({ kind, id }) => {
      const query = db.selectFrom("session").selectAll().where("status", "in", ["pending", "active"]);
      const rows = await query.where("owner_kind", "=", kind).where("owner_id", "=", id).execute();
      return rows.map(toSession);
    },

    listLiveOwners: async ({ nodeId }) => {
      const query = db.selectFrom("session").select(["owner_kind", "owner_id"]).distinct();
      const rows = await query.where("status", "in", ["pending", "active"]).where("node_id", "=", nodeId).execute();
      return rows.map((row) => ({ kind: row.owner_kind, id: row.owner_id }));
    },

    deleteEndedBefore: (timeMs) =>
      transact(database, async (tx) => {
        const old = tx.deleteFrom("session").where("status", "=", "ended").where("ended_at", "<", timeMs);
        return (await old.returning("id").execute()).map(({ id }) => id);
      }),
  };
};

const checkLimits = async (tx: Tx, owner: SessionOwner, limits: { total: number; perOwner: number }): Promise<void> => {
  const { total, mine } = await tx
    .selectFrom("session")
    .select((e) => [
      e.fn.countAll<number>().as("total"),
      e.fn
        .countAll<number>()
        .filterWhere((f) => f.and([f("owner_kind", "=", owner.kind), f("owner_id", "=", owner.id)]))
        .as("mine"),
    ])
    .where("status", "in", ["pending", "active"])
    .executeTakeFirstOrThrow();
  if (Number(mine) >= limits.perOwner)
    throw new AppError("limit_reached", `You have ${mine} sessions, which is the limit. End one first.`);
  if (Number(total) >= limits.total)
    throw new AppError("limit_reached", `The gateway runs ${total} sessions, which is its limit. Try again later.`);
};

const toRow = (session: NewSession, sealedSecrets: Buffer | null): Insertable<SessionTable> => ({
  id: session.id,
  protocol: session.protocol,
  prior_status: "new",
  status: "pending",
  hostname: session.hostname,
  port: session.port,
  username: session.username,
  hops: JSON.stringify(session.hops),
  settings: JSON.stringify(session.settings),
  sealed_secrets: sealedSecrets?.toString("base64") ?? null,
  width: session.width,
  height: session.height,
  dpi: session.dpi,
  banner_text: session.bannerText,
  owner_kind: session.owner.kind,
  owner_id: session.owner.id,
  created_by: session.createdBy,
  node_id: session.nodeId,
  warnings: JSON.stringify(session.warnings),
  created_at: session.createdAtMs,
  started_at: null,
  ended_at: null,
  end_reason: null,
  end_detail: null,
});

const toSession = (row: Selectable<SessionTable>): Session => ({
  id: row.id,
  protocol: row.protocol,
  status: row.status,
  hostname: row.hostname,
  port: row.port,
  username: row.username,
  hops: JSON.parse(row.hops),
  settings: JSON.parse(row.settings),
  width: row.width,
  height: row.height,
  dpi: row.dpi,
  bannerText: row.banner_text,
  owner: { kind: row.owner_kind, id: row.owner_id },
  createdBy: row.created_by,
  nodeId: row.node_id,
  warnings: JSON.parse(row.warnings),
  createdAtMs: row.created_at,
  startedAtMs: row.started_at,
  endedAtMs: row.ended_at,
  endReason: row.end_reason,
  endDetail: row.end_detail,
});
