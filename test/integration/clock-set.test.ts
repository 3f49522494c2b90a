import { createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type FakeGuacd, startFakeGuacd } from "../support/fake-guacd.ts";
import { expectCreated, send } from "../support/http.ts";
import { opened, openSocket } from "../support/open-socket.ts";
import { portOf } from "../support/port-of.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices } from "../support/tunnel-client.ts";

// The host's clock is set while the gateway runs, as a time server or a person does.

let target: Server;
let guacd: FakeGuacd;
beforeAll(async () => {
  target = createServer((socket) => void socket.on("error", () => undefined).resume()).listen(0, "127.0.0.1");
  guacd = await startFakeGuacd(["VERSION_1_5_0", "hostname", "port"], (connection) => {
    connection.send("size", 0, 800, 600);
    connection.send("sync", 1);
  });
});
afterAll(() => {
  guacd.close();
  target.close();
});

let setMs: number;
let gateway: TestGateway;
let api: SessionApi;
let cookie: string;
let fields: { session_type: string; hostname: string; port: number };
beforeEach(async () => {
  setMs = 0;
  fields = { session_type: "vnc", hostname: "127.0.0.1", port: await portOf(target) };
  const environment = {
    SALLYPORT_GUACD_ADDRESSES: guacd.address,
    SALLYPORT_SESSION_BANNER_TIMEOUT_SECONDS: "6",
    SALLYPORT_SESSION_IDLE_TIMEOUT_SECONDS: "600",
    SALLYPORT_SESSION_MAX_DURATION_SECONDS: "600",
  };
  gateway = await startTestGateway(environment, { nowMs: () => Date.now() + setMs });
  ({ cookie } = await gateway.signIn("poweruser"));
  api = sessionApi(gateway, cookie, fields);
});
afterEach(() => gateway.close());

const live = async () => {
  const id = await api.create();
  const client = await api.attach(id);
  await client.waitFor(isSync);
  await expect.poll(async () => (await api.read(id)).status).toBe("active");
  return { id, client };
};
const own = { "sec-fetch-site": "same-origin" };
const newTicket = async (): Promise<string> => {
  const answer = await send(`${gateway.url}/api/ws-ticket`, { method: "POST", headers: { cookie, ...own } });
  return z.object({ ticket: z.string() }).parse(JSON.parse(answer.text)).ticket;
};

describe.each([
  { name: "back by a year", ms: -365 * 86_400_000 },
  { name: "forward by half an hour", ms: 1_800_000 },
])("set $name", ({ ms }) => {
  test("sessions, sign-ins and tickets neither end early nor stay for ever", async () => {
    const { id, client } = await live();
    const waiting = await api.create();
    const [used, unused] = [await newTicket(), await newTicket()];
    const overdue = await api.create({ banner: "Read me" });

    setMs = ms;
    expect((await api.call("GET", "/api/me")).status).toBe(200);
    const url = (ticket: string) => `${gateway.url}/ws/${waiting}?ticket=${ticket}`;
    // A look uses nothing up: 426 says that it would have been let in.
    expect((await send(url(used), {})).status).toBe(426);
    const { socket, closed } = opened(await openSocket(url(used), {}));
    socket.close();
    await closed;
    expect((await send(url(used), {})).status).toBe(401);
    expect((await send(url(unused), {})).status).toBe(426);

    const later = await api.create();
    // Only the one that is due: its banner waits for six seconds.
    await expect.poll(() => api.read(overdue), { timeout: 20_000 }).toMatchObject({ end_reason: "expired" });
    expect((await api.read(later)).status).toBe("pending");
    expect((await api.read(id)).status).toBe("active");
    expect(notices(client).filter((notice) => JSON.stringify(notice).includes("expires"))).toEqual([]);
    client.send("key", "65", "1");
    await expect.poll(() => guacd.connections.flatMap(({ received }) => received)).toContainEqual(["key", "65", "1"]);
  });
});

test("set back by a year while a session waits, it is given up in time all the same", async () => {
  const overdue = await api.create({ banner: "Read me" });
  const { cookie: otherCookie, personId } = await gateway.signIn("poweruser");
  const other = sessionApi(gateway, otherCookie, fields);
  const lost = await other.create();
  await gateway.database.updateTable("person").set({ disabled_at: Date.now() }).where("id", "=", personId).execute();
  // The waiting sessions are looked at every five seconds, together with those whose owner is disabled.
  await expect
    .poll(() => api.read(lost).catch(() => null), { timeout: 15_000 })
    .toMatchObject({ end_reason: "revoked" });
  setMs = -365 * 86_400_000;
  await expect.poll(() => api.read(overdue), { timeout: 15_000 }).toMatchObject({ end_reason: "expired" });
});

test("set back, rows keep the order of their making by their ids, and nothing ends before it began", async () => {
  const before = await live();
  setMs = -3_600_000;
  const after = await live();
  expect(after.id > before.id).toBe(true);
  for (const { id } of [before, after]) await api.call("DELETE", `/api/sessions/${id}`);
  const times = z.object({ created_at: z.iso.datetime(), started_at: z.iso.datetime(), ended_at: z.iso.datetime() });
  for (const { id } of [before, after]) {
    const told = times.parse(await (await api.call("GET", `/api/sessions/${id}`)).json());
    expect(told.started_at >= told.created_at, JSON.stringify(told)).toBe(true);
    expect(told.ended_at >= told.started_at, JSON.stringify(told)).toBe(true);
  }
  const rows = await gateway.database
    .selectFrom("audit")
    .select(["action", "object_id"])
    .where("object_id", "in", [before.id, after.id])
    .orderBy("id")
    .execute();
  const verbs = ["create", "activate"].map((verb) => `session.${verb}`);
  expect(rows.map(({ action, object_id }) => [action, object_id])).toEqual([
    ...verbs.map((action) => [action, before.id]),
    ...verbs.map((action) => [action, after.id]),
    ["session.end", before.id],
    ["session.end", after.id],
  ]);
});

test("set back, the last use of a key is written on", async () => {
  const useKey = async () => {
    const headers = { "x-api-key": gateway.adminKey };
    expectCreated(await send(`${gateway.url}/api/sessions`, { method: "POST", headers, body: fields }));
    return (await gateway.adminKeys.list())[0]?.lastUsedAtMs ?? 0;
  };
  const used = await useKey();
  setMs = -3_600_000;
  expect(await useKey()).toBeLessThan(used);
});
