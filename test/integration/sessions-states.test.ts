import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { endReasons } from "../../src/core/session-end.ts";
import { openDatabase } from "../../src/db/open.ts";
import { createSessionStore } from "../../src/sessions/session-store.ts";
import { startGatewayProcess } from "../support/gateway-process.ts";
import { expectCreated, expectProblem, send } from "../support/http.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

const env = { SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" };
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(env);
});
afterAll(() => gateway.close());

const create = (on = gateway) =>
  send(`${on.url}/api/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${on.adminKey}` },
    body: { hostname: "10.0.0.1", password: "secret" },
  });
const idOf = async (on = gateway) => expectCreated(await create(on)).session_id;
const set = (id: string, values: object, on = gateway) =>
  on.database.updateTable("session").set(values).where("id", "=", id).execute();
const rowOf = (id: string, on = gateway) =>
  on.database.selectFrom("session").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const active = { prior_status: "pending", status: "active", started_at: 1 } as const;
const ended = { status: "ended", end_reason: "closed", ended_at: 2, sealed_secrets: null } as const;

describe("the database itself", () => {
  test.each<[string, object]>([
    ["new → active", { prior_status: "new", status: "active" }],
    ["new → ended", { ...ended, prior_status: "new" }],
    ["active → pending", { prior_status: "active", status: "pending" }],
    ["ended → active", { prior_status: "ended", status: "active" }],
    ["ended → pending", { prior_status: "ended", status: "pending" }],
    ["a state that is none", { prior_status: "pending", status: "paused" }],
    ["an end with a reason that is none", { ...ended, prior_status: "pending", end_reason: "bored" }],
  ])("refuses %s by a foreign key", async (_, values) => {
    const id = await idOf();
    await expect(set(id, values)).rejects.toThrow(/foreign key constraint/i);
    expect((await rowOf(id)).status).toBe("pending");
  });

  test("refuses an end without a reason, a reason without an end, and an end that keeps its secrets", async () => {
    const id = await idOf();
    const { sealed_secrets } = await rowOf(id);
    expect(sealed_secrets).not.toBeNull();
    await expect(set(id, { ...ended, prior_status: "pending", end_reason: null })).rejects.toThrow(
      /session_end_is_whole/,
    );
    await expect(set(id, { end_reason: "closed" })).rejects.toThrow(/session_end_is_whole/);
    await expect(set(id, { ...ended, prior_status: "pending", sealed_secrets })).rejects.toThrow(
      /session_secrets_are_wiped/,
    );
  });

  test("takes the legal moves and knows each end reason of the source", async () => {
    const id = await idOf();
    await set(id, active);
    await set(id, { ...ended, prior_status: "active" });
    const reasons = await gateway.database
      .selectFrom(sql<{ reason: string }>`session_end_reason`.as("r"))
      .select("r.reason")
      .execute();
    expect(reasons.map(({ reason }) => reason).sort()).toEqual([...endReasons].sort());
  });
});

test("a session that has ended is never activated, and an active one is not activated twice", async () => {
  const id = await idOf();
  const { sessions, actor } = gateway;
  const nowMs = Date.now();
  expect(await sessions.activate(id, [], actor, nowMs + 5)).toBe(true);
  expect(await sessions.activate(id, [], actor, nowMs + 6)).toBe(false);
  expect(await sessions.end(id, { reason: "closed", detail: null }, actor, nowMs + 7)).toBe(true);
  expect(await sessions.activate(id, [], actor, nowMs + 8)).toBe(false);
  expect(await sessions.end(id, { reason: "idle", detail: null }, actor, nowMs + 9)).toBe(false);
  expect(await rowOf(id)).toMatchObject({ started_at: nowMs + 5, ended_at: nowMs + 7, end_reason: "closed" });
});

test("a change whose audit row cannot be written does not happen: the caller gets a 500 and the row is as before", async () => {
  const own = await startTestGateway(env);
  try {
    const id = await idOf(own);
    const before = await rowOf(id, own);
    const key = await own.addKey("spare");
    await own.database.schema.dropTable("audit").execute();
    const admin = { authorization: `Bearer ${own.adminKey}` };
    expectProblem(await create(own), 500, "internal");
    const end = await send(`${own.url}/api/sessions/${id}`, { method: "DELETE", headers: admin });
    expectProblem(end, 500, "internal");
    expectProblem(await send(`${own.url}/auth/key`, { method: "POST", body: { key } }), 500, "internal");
    await expect(own.adminKeys.disable({ name: "spare" }, own.actor)).rejects.toThrow(/audit/);
    await expect(own.adminKeys.delete({ name: "spare" }, own.actor)).rejects.toThrow(/audit/);
    await expect(own.sessions.activate(id, [], own.actor, 1)).rejects.toThrow(/audit/);
    expect(await own.database.selectFrom("session").selectAll().execute()).toEqual([before]);
    expect(await own.database.selectFrom("login").selectAll().execute()).toEqual([]);
    const spare = await send(`${own.url}/api/me`, { headers: { authorization: `Bearer ${key}` } });
    expect(spare.status).toBe(200);
  } finally {
    await own.close();
  }
});

test("what a killed gateway left pending or active is ended as shutdown by the next one, secrets wiped", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-killed-"));
  const first = await startGatewayProcess(folder);
  const headers = { authorization: `Bearer ${first.firstKey}` };
  const make = async () => {
    const body = { hostname: "10.0.0.1", password: "secret" };
    return expectCreated(await send(`${first.url}/api/sessions`, { method: "POST", headers, body })).session_id;
  };
  const [pending, running, over] = [await make(), await make(), await make()];
  const database = openDatabase(new Secret(join(folder, "data", "sallyport.db")));
  const sessions = createSessionStore(database);
  const startedAtMs = Date.now();
  await sessions.activate(running, [], gateway.actor, startedAtMs);
  await sessions.end(over, { reason: "closed", detail: null }, gateway.actor, 2);
  await first.end("SIGKILL");

  const second = await startGatewayProcess(folder);
  try {
    const left = { status: "ended", end_reason: "shutdown", ended_at: expect.stringMatching(/Z$/) };
    const read = async (id: string) => JSON.parse((await send(`${second.url}/api/sessions/${id}`, { headers })).text);
    expect(await read(pending)).toMatchObject({ ...left, started_at: null });
    expect(await read(running)).toMatchObject({ ...left, started_at: new Date(startedAtMs).toISOString() });
    expect(await read(over)).toMatchObject({ end_reason: "closed" });
    for (const id of [pending, running]) expect(await sessions.readSecrets(id)).toBeNull();
  } finally {
    await second.end("SIGKILL");
    await database.close();
    await rm(folder, { recursive: true });
  }
});
