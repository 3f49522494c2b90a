import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { SessionView } from "../../src/resources/sessions/schema.ts";
import { type EventClient, openEvents, type ServerEvent } from "../support/event-client.ts";
import { accessLines, expectCreated, expectProblem, send } from "../support/http.ts";
import { sessionApi } from "../support/session-api.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

// What a page hears of sessions: how they stand, what changes, and for how long it may listen.

type Headers = Record<string, string>;
type Visitor = Headers & { cookie: string };

let gateway: TestGateway;
let admin: Headers;
let owner: Visitor;
let operator: Visitor;
let operatorId: string;
beforeAll(async () => {
  gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_SESSION_HISTORY_DAYS: "1",
    SALLYPORT_SESSION_MAX_PER_USER: "300",
  });
  admin = { authorization: `Bearer ${gateway.adminKey}` };
  owner = await signIn("poweruser");
  const person = await gateway.signIn("operator");
  operator = withOrigin(person.cookie);
  operatorId = person.personId;
});
afterAll(() => gateway.close());

const withOrigin = (cookie: string): Visitor => ({ cookie, "sec-fetch-site": "same-origin" });
const signIn = async (role: "operator" | "poweruser" | "admin") => withOrigin((await gateway.signIn(role)).cookie);
const create = async (headers: Headers = owner): Promise<SessionView> =>
  expectCreated(
    await send(`${gateway.url}/api/sessions`, {
      method: "POST",
      headers,
      body: { hostname: "10.0.0.1", username: "root", banner: "Hello" },
    }),
  );
const end = (id: string, headers: Headers = owner) =>
  send(`${gateway.url}/api/sessions/${id}`, { method: "DELETE", headers });
const listen = async (headers: Headers): Promise<EventClient> => {
  const client = await openEvents(gateway.url, headers);
  expect(client.status).toBe(200);
  onTestFinished(() => client.close());
  return client;
};
const isSnapshot = ({ event }: ServerEvent) => event === "snapshot";
const isRowOf =
  (id: string, status: string) =>
  ({ event, data }: ServerEvent) =>
    event === "session" && data.session_id === id && data.status === status;
const snapshotOf = async (client: EventClient): Promise<SessionView[]> => {
  const found = await client.waitFor(isSnapshot);
  return found.event === "snapshot" ? found.data : [];
};

describe("the stream", () => {
  test("comes unbuffered and uncached, says when to come back, and begins with a snapshot", async () => {
    const client = await listen({ ...operator, "accept-encoding": "gzip, br" });
    await client.waitFor(isSnapshot);
    expect(client.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    });
    expect(client.headers).not.toHaveProperty("content-encoding");
    expect(client.headers).not.toHaveProperty("content-length");
    expect(client.others).toEqual(["retry: 3000"]);
    expect(client.events).toHaveLength(1);
  });

  test("the snapshot is the list as the caller may see it, newest first", async () => {
    const mine = await create();
    await end((await create()).session_id);
    for (const headers of [operator, owner, admin]) {
      const told = await snapshotOf(await listen(headers));
      const listed = JSON.parse((await send(`${gateway.url}/api/sessions?limit=1000`, { headers })).text);
      expect(told).toEqual(listed);
    }
    const seenBy = async (headers: Headers) =>
      (await snapshotOf(await listen(headers))).find(({ session_id }) => session_id === mine.session_id);
    expect(await seenBy(operator)).toMatchObject({ username: null, banner: null });
    expect(await seenBy(owner)).toMatchObject({ username: "root", banner: "Hello" });
    expect(await seenBy(admin)).toMatchObject({ username: "root", banner: null });
  });

  test("it has all live sessions, also old ones, and the latest 200 ended ones", async () => {
    const old = await create();
    const ended: string[] = [];
    for (let each = 0; each < 205; each++) ended.push((await create()).session_id);
    await Promise.all(ended.map((id) => end(id)));
    const told = (await snapshotOf(await listen(operator))).map(({ session_id }) => session_id);
    expect(told).toContain(old.session_id);
    expect(ended.filter((id) => told.includes(id))).toEqual(ended.slice(5));
  });

  test("each change comes as one whole row, masked for who listens", async () => {
    const [stranger, self, boss] = await Promise.all([listen(operator), listen(owner), listen(admin)]);
    await Promise.all([stranger, self, boss].map(snapshotOf));
    const made = await create();
    const id = made.session_id;
    expect((await self.waitFor(isRowOf(id, "pending"))).data).toEqual(made);
    const masked = { ...made, username: null, jump_hosts: null, banner: null, banner_text: null };
    expect((await stranger.waitFor(isRowOf(id, "pending"))).data).toEqual(masked);
    expect((await boss.waitFor(isRowOf(id, "pending"))).data).toEqual({ ...masked, username: "root", jump_hosts: [] });
    await end(id, admin);
    for (const client of [stranger, self, boss])
      expect((await client.waitFor(isRowOf(id, "ended"))).data).toMatchObject({
        end_reason: "terminated",
        end_detail: "first-admin ended this session.",
      });
  });

  test("a session that is forgotten comes as removed", async () => {
    const { session_id } = await create();
    await end(session_id);
    const client = await listen(operator);
    expect((await snapshotOf(client)).map((row) => row.session_id)).toContain(session_id);
    const longAgo = Date.now() - 2 * 86_400_000;
    await gateway.database.updateTable("session").set({ ended_at: longAgo }).where("id", "=", session_id).execute();
    const removed = await client.waitFor(({ event }) => event === "removed");
    expect(removed.data).toEqual({ session_id });
  });

  test("there is one access line for it, written while it still runs", async () => {
    gateway.forgetLogs();
    const client = await listen(operator);
    await client.waitFor(isSnapshot);
    const { session_id } = await create();
    await client.waitFor(isRowOf(session_id, "pending"));
    const lines = () => accessLines(gateway.logs()).filter(({ path }) => path === "/api/events");
    expect(lines()).toEqual([expect.objectContaining({ method: "GET", status: 200, principalId: operatorId })]);
    client.close();
    await expect.poll(() => gateway.logs()).toContain('"event stream ended"');
    expect(lines()).toHaveLength(1);
  });

  test("HEAD answers its headers and opens none", async () => {
    for (let each = 0; each < 25; each++) {
      const answer = await send(`${gateway.url}/api/events`, { method: "HEAD", headers: operator });
      expect(answer).toMatchObject({ status: 200, text: "" });
      expect(answer.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    }
    await listen(operator);
  });

  test("a caller has 20 at most, which hinders nobody else, until one is closed", async () => {
    const caller = await signIn("operator");
    const open = await Promise.all(Array.from({ length: 20 }, () => listen(caller)));
    const refused = await send(`${gateway.url}/api/events`, { headers: caller });
    expectProblem(refused, 429, "rate_limited");
    expect(refused.headers["retry-after"]).toBe("10");
    await listen(operator);
    open[0]?.close();
    await expect
      .poll(async () => {
        const again = await openEvents(gateway.url, caller);
        again.close();
        return again.status;
      })
      .toBe(200);
  });
});

describe("Last-Event-ID", () => {
  const listenFrom = (id: string, headers: Headers) => listen({ ...headers, "last-event-id": id });

  test("goes on where a stream broke off, with the last change of each session", async () => {
    const before = await listen(operator);
    const { id } = await before.waitFor(isSnapshot);
    before.close();
    const [one, two] = [await create(), await create()];
    await end(one.session_id);
    const client = await listenFrom(id, operator);
    await client.waitFor(isRowOf(one.session_id, "ended"));
    expect(client.others).toEqual(["retry: 3000"]);
    expect(client.events.map(({ event, data }) => [event, "status" in data && data.status])).toEqual([
      ["session", "pending"],
      ["session", "ended"],
    ]);
    const next = await create();
    const last = await client.waitFor(isRowOf(next.session_id, "pending"));
    const resumed = await listenFrom(last.id, operator);
    await end(two.session_id);
    await resumed.waitFor(isRowOf(two.session_id, "ended"));
    expect(resumed.events).toHaveLength(1);
  });

  test("of somebody else, of another role or of no stream gets a snapshot", async () => {
    const { id } = await (await listen(operator)).waitFor(isSnapshot);
    const [prefix, number] = id.split(".");
    for (const [headers, from] of [
      [owner, id],
      [admin, id],
      [operator, `${prefix}.${Number(number) + 1}`],
      [operator, `${prefix}.-1`],
      [operator, `x.${number}`],
      [operator, "nonsense"],
    ] as const) {
      const client = await listenFrom(from, headers);
      await client.waitFor(() => true);
      expect(client.events[0]?.event, from).toBe("snapshot");
    }
  });
});

describe("the stream ends", () => {
  /** Listens, has `change` made, and expects the end of the stream. */
  const expectEnd = async (headers: Headers, change: () => Promise<unknown>) => {
    const client = await listen(headers);
    await client.waitFor(isSnapshot);
    await change();
    await client.ended;
  };
  const change = (path: string, method = "POST") => send(`${gateway.url}${path}`, { method, headers: admin });
  const person = async (role: "operator" | "admin") => {
    const { cookie, personId } = await gateway.signIn(role);
    const become = (to: object) => gateway.database.updateTable("person").set(to).where("id", "=", personId).execute();
    const soon = { expires_at: Date.now() + 2000 };
    const expire = () => gateway.database.updateTable("login").set(soon).where("person_id", "=", personId).execute();
    return { headers: withOrigin(cookie), become, expire };
  };

  test("with the login, at once when it is signed out, whichever stream it is", async () => {
    const visitor = await signIn("operator");
    const startedMs = performance.now();
    await expectEnd(visitor, () => send(`${gateway.url}/auth/logout`, { method: "POST", headers: visitor }));
    expect(performance.now() - startedMs).toBeLessThan(3000);
    expectProblem(await send(`${gateway.url}/api/events`, { headers: visitor }), 401, "unauthenticated");
  });

  test.each(["disable", "rotate"] as const)("at once with the key's %s", async (verb) => {
    const { row, key } = await gateway.adminKeys.create({ name: `listener ${verb}` }, gateway.actor);
    const startedMs = performance.now();
    await expectEnd(bearer(key.reveal()), () => change(`/api/admin/keys/${row.id}/${verb}`));
    expect(performance.now() - startedMs).toBeLessThan(3000);
  });

  test("at once with the key's deletion, for its logins too", async () => {
    const { row, key } = await gateway.adminKeys.create({ name: "listener delete" }, gateway.actor);
    const swap = await send(`${gateway.url}/auth/key`, { method: "POST", body: { key: key.reveal() } });
    const cookie = swap.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    await expectEnd({ cookie }, () => change(`/api/admin/keys/${row.id}`, "DELETE"));
  });

  test("within seconds when the login or key expires, or another process takes a key's or person's access back", async () => {
    const [late, demoted, disabled] = [await person("operator"), await person("operator"), await person("admin")];
    const key = await gateway.addKey("listener elsewhere");
    const short = await gateway.addKey("listener expiring", { expiresAtMs: Date.now() + 2000 });
    await Promise.all([
      expectEnd(late.headers, late.expire),
      expectEnd(bearer(short), async () => undefined),
      expectEnd(bearer(key), () => gateway.adminKeys.disable({ name: "listener elsewhere" }, gateway.actor)),
      expectEnd(demoted.headers, () => demoted.become({ role: "viewer" })),
      expectEnd(disabled.headers, () => disabled.become({ disabled_at: Date.now() })),
    ]);
  });

  test("not with a change of role above that, which brings a new snapshot with the new rights", async () => {
    const { session_id } = await create();
    const risen = await person("operator");
    const client = await listen(risen.headers);
    const usernameIn = (event: ServerEvent | undefined) =>
      event?.event === "snapshot" && event.data.find((row) => row.session_id === session_id)?.username;
    expect(usernameIn(await client.waitFor(isSnapshot))).toBeNull();
    await risen.become({ role: "admin" });
    expect(usernameIn(await client.waitFor((event) => isSnapshot(event) && event !== client.events[0]))).toBe("root");
  });

  const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` });
});

test("at the gateway's stop the last changes are told and the stream ends, without making it wait", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  onTestFinished(() => void silent.close());
  await once(silent, "listening");
  const own = await startTestGateway();
  const { cookie } = await own.signIn("poweruser");
  const { port } = silent.address() as AddressInfo;
  const api = sessionApi(own, cookie, { hostname: "127.0.0.1", port, username: "root", password: "x" });
  const client = await openEvents(own.url, { cookie });
  const id = await api.create();
  await api.attach(id);
  await client.waitFor(({ event, data }) => event === "session" && data.active_connections === 1);
  const startedMs = performance.now();
  await own.close();
  await client.ended;
  expect(performance.now() - startedMs).toBeLessThan(2500);
  expect(client.lastOf(id)?.data).toMatchObject({ status: "ended", end_reason: "shutdown", active_connections: 0 });
});
