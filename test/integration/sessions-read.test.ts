import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { sessionSchema } from "../../src/resources/sessions/schema.ts";
import { expectCreated, expectProblem, send } from "../support/http.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

type Headers = Record<string, string>;

let gateway: TestGateway;
let owner: Headers;
let other: Headers;
let operator: Headers;
let admin: Headers;
beforeAll(async () => {
  gateway = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" });
  const signIn = async (role: "operator" | "poweruser") => {
    const { cookie } = await gateway.signIn(role);
    return { cookie, "sec-fetch-site": "same-origin" };
  };
  [owner, other, operator] = await Promise.all([signIn("poweruser"), signIn("poweruser"), signIn("operator")]);
  admin = { authorization: `Bearer ${gateway.adminKey}` };
});
afterAll(() => gateway.close());

const create = async (headers: Headers, fields: object = {}) =>
  expectCreated(
    await send(`${gateway.url}/api/sessions`, {
      method: "POST",
      headers,
      body: { hostname: "10.0.0.1", username: "root", banner: "Hello", ...fields },
    }),
  );
const read = (id: string, headers: Headers) => send(`${gateway.url}/api/sessions/${id}`, { headers });
const end = (id: string, headers: Headers) => send(`${gateway.url}/api/sessions/${id}`, { method: "DELETE", headers });
const list = async (headers: Headers, query = "") => {
  const answer = await send(`${gateway.url}/api/sessions${query}`, { headers });
  expect(answer.status, answer.text).toBe(200);
  return z.array(sessionSchema).parse(JSON.parse(answer.text));
};
const rowOf = (id: string) =>
  gateway.database.selectFrom("session").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

describe("what others see", () => {
  test("the owner sees all, others no username, hops or banner, admins the username and the hops", async () => {
    const made = await create(owner);
    const seenBy = async (headers: Headers) => {
      const one = sessionSchema.parse(JSON.parse((await read(made.session_id, headers)).text));
      const listed = (await list(headers)).find(({ session_id }) => session_id === made.session_id);
      expect(listed).toEqual(one);
      return one;
    };
    expect(await seenBy(owner)).toEqual(made);
    const masked = { ...made, username: null, jump_hosts: null, banner: null, banner_text: null };
    expect(await seenBy(other)).toEqual(masked);
    expect(await seenBy(operator)).toEqual(masked);
    expect(await seenBy(admin)).toEqual({ ...masked, username: "root", jump_hosts: made.jump_hosts });
  });
});

describe("list", () => {
  test("is newest first and can be narrowed to mine, a status and a type", async () => {
    const mine = [(await create(other)).session_id, (await create(other)).session_id];
    await create(owner);
    await end(mine[0] ?? "", other);
    const ids = async (query: string) => (await list(other, query)).map(({ session_id }) => session_id);
    expect(await ids("?mine=true")).toEqual([...mine].reverse());
    expect(await ids("?mine=true&status=ended")).toEqual([mine[0]]);
    expect(await ids("?mine=true&status=active")).toEqual([]);
    expect(await ids("?mine=true&type=ssh")).toHaveLength(2);
    expect(await ids("?type=rdp")).toEqual([]);
    const times = (await list(other)).map(({ created_at }) => created_at);
    expect(times).toEqual([...times].sort().reverse());
    expect((await list(other, "?mine=false")).length).toBeGreaterThan(2);
  });
});

describe("one that is not there", () => {
  test.each([
    "x",
    "1",
    "..%2f..%2fetc",
    "%00",
    "%E0%A4%A",
    "00000000-0000-0000-0000-000000000000",
    "01A20BB6-0000-7000-8000-000000000000",
    "01a20bb6-0000-7000-8000-000000000000",
  ])("%s is 404 to read and to end", async (id) => {
    expectProblem(await read(id, admin), 404, "not_found");
    expectProblem(await end(id, admin), 404, "not_found");
  });
});

describe("ending", () => {
  test("one's own: closed, and ending it again changes nothing", async () => {
    const { session_id } = await create(owner);
    expect(await end(session_id, owner)).toMatchObject({ status: 204, text: "" });
    const ended = await rowOf(session_id);
    expect(ended).toMatchObject({ status: "ended", end_reason: "closed", end_detail: null, sealed_secrets: null });
    expect((await end(session_id, owner)).status).toBe(204);
    expect((await end(session_id, admin)).status).toBe(204);
    expect(await rowOf(session_id)).toEqual(ended);
  });

  test("another's: forbidden, also when it has ended, except to admins: terminated, by name", async () => {
    const { session_id } = await create(owner);
    for (const headers of [other, operator]) expectProblem(await end(session_id, headers), 403, "forbidden");
    expect((await rowOf(session_id)).status).toBe("pending");
    expect((await end(session_id, admin)).status).toBe(204);
    expect(await rowOf(session_id)).toMatchObject({
      end_reason: "terminated",
      end_detail: "first-admin ended this session.",
    });
    expectProblem(await end(session_id, other), 403, "forbidden");
  });

  test("twenty ends at once are one end with one audit row", async () => {
    const { session_id } = await create(owner);
    const answers = await Promise.all(Array.from({ length: 20 }, () => end(session_id, owner)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect(await actionsOn(session_id)).toEqual(["session.create", "session.end"]);
  });
});

describe("audit", () => {
  test("each change has its row: who, from where, in which request, and no secret", async () => {
    const made = await send(`${gateway.url}/api/sessions`, {
      method: "POST",
      headers: owner,
      body: { hostname: "10.0.0.9", username: "root", password: "audit-canary" },
    });
    const { session_id, created_by } = expectCreated(made);
    await end(session_id, admin);
    const [first, last] = await auditOf(session_id);
    expect(first).toMatchObject({
      action: "session.create",
      actor_kind: "user",
      actor_name: created_by,
      object_kind: "session",
      request_id: made.headers["x-request-id"],
      address: "127.0.0.1",
    });
    expect(JSON.parse(first?.details ?? "")).toEqual({
      protocol: "ssh",
      hostname: "10.0.0.9",
      port: 22,
      username: "root",
    });
    expect(last).toMatchObject({ action: "session.end", actor_kind: "api_key", actor_name: "first-admin" });
    expect(JSON.stringify(await gateway.database.selectFrom("audit").selectAll().execute())).not.toContain("canary");
  });

  test("signing in and out has rows, too", async () => {
    const swap = await send(`${gateway.url}/auth/key`, { method: "POST", body: { key: gateway.adminKey } });
    const cookie = swap.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const out = await send(`${gateway.url}/auth/logout`, {
      method: "POST",
      headers: { cookie, "sec-fetch-site": "same-origin" },
    });
    const rows = await gateway.database.selectFrom("audit").selectAll().orderBy("id").execute();
    const actionOf = (answer: typeof swap) =>
      rows.filter(({ request_id }) => request_id === answer.headers["x-request-id"]).map(({ action }) => action);
    expect([actionOf(swap), actionOf(out)]).toEqual([["login.create"], ["login.end"]]);
  });
});

const auditOf = (id: string) =>
  gateway.database.selectFrom("audit").selectAll().where("object_id", "=", id).orderBy("id").execute();
const actionsOn = async (id: string) => (await auditOf(id)).map(({ action }) => action);
