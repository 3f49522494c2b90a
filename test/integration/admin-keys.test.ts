import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { type Answer, expectProblem, send } from "../support/http.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

type Headers = Record<string, string>;

const row = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  allowed_ips: z.array(z.string()),
  expires_at: z.iso.datetime().nullable(),
  disabled: z.boolean(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
});
const fresh = row.extend({ key: z.string().regex(/^sp_[\w-]{43}$/) });

let gateway: TestGateway;
let admin: Headers;
let adminEmail: string;
beforeAll(async () => {
  gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_SERVER_TRUSTED_PROXIES: "127.0.0.1",
  });
  const person = await gateway.signIn("admin");
  admin = { cookie: person.cookie, "sec-fetch-site": "same-origin" };
  adminEmail = person.email;
});
afterAll(() => gateway.close());

const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` });
const keys = (path = "", method = "POST", body?: unknown, headers = admin) =>
  send(`${gateway.url}/api/admin/keys${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
const make = async (name: string, fields: object = {}) => {
  const answer = await keys("", "POST", { name, ...fields });
  expect(answer.status, answer.text).toBe(201);
  return fresh.parse(JSON.parse(answer.text));
};
const listed = async (query = "") => {
  const answer = await keys(query, "GET");
  expect(answer.status, answer.text).toBe(200);
  return { rows: z.array(row).parse(JSON.parse(answer.text)), total: Number(answer.headers["x-total-count"]) };
};
const me = async (headers: Headers) => (await send(`${gateway.url}/api/me`, { headers })).status;
const rowIn = ({ status, text }: Answer) => {
  expect(status, text).toBe(200);
  return row.parse(JSON.parse(text));
};
const auditOf = async (id: string) =>
  (await gateway.database.selectFrom("audit").selectAll().where("object_id", "=", id).orderBy("id").execute()).map(
    ({ action, actor_name, request_id }) => ({ action, actor_name, hasRequest: request_id !== null }),
  );

describe("a key", () => {
  test("is shown once, works, and is listed without its text", async () => {
    const { key, ...made } = await make("plain");
    expect(made).toMatchObject({
      name: "plain",
      allowed_ips: [],
      expires_at: null,
      disabled: false,
      last_used_at: null,
    });
    expect(await me(bearer(key))).toBe(200);
    const { rows } = await listed();
    expect(rows).toContainEqual({ ...made, last_used_at: expect.any(String) });
    const stored = await gateway.database.selectFrom("admin_key").selectAll().execute();
    expect(JSON.stringify([rows, stored])).not.toContain(key);
  });

  test("is bound to its addresses and its end", async () => {
    const bound = { allowed_ips: ["192.0.2.0/24", "2001:db8::7"], expires_at: "2031-01-31T01:00:00+01:00" };
    const { key, ...made } = await make("bound", bound);
    expect(made).toMatchObject({ ...bound, expires_at: "2031-01-31T00:00:00.000Z" });
    expect(await me({ ...bearer(key), "x-forwarded-for": "192.0.2.9" })).toBe(200);
    expect(await me({ ...bearer(key), "x-forwarded-for": "198.51.100.1" })).toBe(401);
  });

  test.each([
    [{}, "name"],
    [{ name: "" }, "name"],
    [{ name: "x".repeat(101) }, "name"],
    [{ name: "a\nb" }, "name"],
    [{ name: 5 }, "name"],
    [{ name: "n", allowed_ips: "10.0.0.0/8" }, "allowed_ips"],
    [{ name: "n", allowed_ips: ["10.0.0.0/8", "10.0.0.0/33"] }, "allowed_ips[1]"],
    [{ name: "n", allowed_ips: ["gateway.example.com"] }, "allowed_ips[0]"],
    [{ name: "n", allowed_ips: [7] }, "allowed_ips[0]"],
    [{ name: "n", expires_at: "2001-01-01T00:00:00Z" }, "expires_at"],
    [{ name: "n", expires_at: "2031-01-01" }, "expires_at"],
    [{ name: "n", expires_at: "tomorrow" }, "expires_at"],
    [{ name: "n", expires_at: 4_000_000_000_000 }, "expires_at"],
    [{ name: "n", role: "viewer" }, "role"],
    [{ name: "n", key: "sp_mine" }, "key"],
  ])("is refused with its field: %j", async (body, field) => {
    const told = expectProblem(await keys("", "POST", body), 400, "invalid_request", field);
    expect(told.detail.startsWith(`${field}: `), told.detail).toBe(true);
  });

  test("has a name of its own", async () => {
    await make("twin");
    expectProblem(await keys("", "POST", { name: "twin" }), 409, "conflict", "name");
  });

  test("is disabled, enabled and rotated by its id, and gone after DELETE", async () => {
    const { key, ...made } = await make("life");
    expect(rowIn(await keys(`/${made.id}/disable`))).toEqual({ ...made, disabled: true });
    expect(await me(bearer(key))).toBe(401);
    expect(rowIn(await keys(`/${made.id}/enable`))).toEqual(made);
    expect(await me(bearer(key))).toBe(200);
    const answer = await keys(`/${made.id}/rotate`);
    expect(answer.status, answer.text).toBe(200);
    const rotated = fresh.parse(JSON.parse(answer.text));
    expect(rotated).toMatchObject({ id: made.id, name: "life" });
    expect(rotated.key).not.toBe(key);
    expect([await me(bearer(key)), await me(bearer(rotated.key))]).toEqual([401, 200]);
    expect(await keys(`/${made.id}`, "DELETE")).toMatchObject({ status: 204, text: "" });
    expect(await me(bearer(rotated.key))).toBe(401);
    expect((await listed()).rows.map(({ id }) => id)).not.toContain(made.id);
    for (const [path, method] of [
      [`/${made.id}`, "DELETE"],
      ["/x", "DELETE"],
      [`/${made.id}/disable`, "POST"],
      [`/${made.id}/enable`, "POST"],
      [`/${made.id}/rotate`, "POST"],
    ] as const)
      expectProblem(await keys(path, method), 404, "not_found");
    const done = ["create", "disable", "enable", "rotate", "delete"];
    expect(await auditOf(made.id)).toEqual(
      done.map((verb) => ({ action: `admin_key.${verb}`, actor_name: adminEmail, hasRequest: true })),
    );
  });

  test("is changed only from the gateway's own pages", async () => {
    const { id } = await make("own pages");
    const foreign = { cookie: admin.cookie ?? "", origin: "https://evil.example" };
    for (const verb of ["disable", "enable", "rotate"])
      expectProblem(await keys(`/${id}/${verb}`, "POST", undefined, foreign), 403, "forbidden");
    expectProblem(await keys("", "POST", { name: "evil" }, foreign), 403, "forbidden");
    expectProblem(await keys(`/${id}`, "DELETE", undefined, foreign), 403, "forbidden");
  });
});

test("the list is by name, in pages", async () => {
  for (const name of ["c", "a", "b"]) await make(`page ${name}`);
  const { rows, total } = await listed();
  expect(total).toBe(rows.length);
  expect(rows.map(({ name }) => name)).toEqual(rows.map(({ name }) => name).sort());
  expect(await listed("?limit=2&offset=1")).toEqual({ rows: rows.slice(1, 3), total });
  expectProblem(await keys("?limit=0", "GET"), 400, "invalid_request", "limit");
});

describe("the last key that works", () => {
  const startOwn = async () => {
    const own = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" });
    onTestFinished(() => own.close());
    const [first] = await own.adminKeys.list();
    const call = (path: string, method = "POST") =>
      send(`${own.url}/api/admin/keys/${first?.id}${path}`, { method, headers: bearer(own.adminKey) });
    return { own, call };
  };

  test("cannot be disabled or deleted, whatever disabled and expired keys and lesser or disabled people there are", async () => {
    const { own, call } = await startOwn();
    await own.addKey("off", { disabled: true });
    await own.addKey("over", { expiresAtMs: Date.now() + 50 });
    await expect
      .poll(async () => (await own.adminKeys.list()).some(({ expiresAtMs }) => (expiresAtMs ?? Infinity) < Date.now()))
      .toBe(true);
    await own.signIn("poweruser");
    const { personId } = await own.signIn("admin");
    await own.database.updateTable("person").set({ disabled_at: 1 }).where("id", "=", personId).execute();
    for (const [path, method] of [
      ["/disable", "POST"],
      ["", "DELETE"],
    ] as const) {
      expectProblem(await call(path, method), 409, "conflict");
      expect((await send(`${own.url}/api/me`, { headers: bearer(own.adminKey) })).status).toBe(200);
    }
    expect((await call("/rotate")).status).toBe(200);
  });

  test("goes while an enabled admin is among people", async () => {
    const { own, call } = await startOwn();
    await own.signIn("admin");
    expect((await call("", "DELETE")).status).toBe(204);
  });

  test("goes when another one works", async () => {
    const { own, call } = await startOwn();
    await own.addKey("another");
    expect((await call("/disable")).status).toBe(200);
  });

  test("of two that are disabled at the same time, one stays", async () => {
    const { own } = await startOwn();
    const other = bearer(await own.addKey("another"));
    const ids = (await own.adminKeys.list()).map(({ id }) => id);
    const answers = await Promise.all(
      ids.map((id) => send(`${own.url}/api/admin/keys/${id}/disable`, { method: "POST", headers: other })),
    );
    expect((await own.adminKeys.list()).filter(({ disabledAtMs }) => disabledAtMs === null)).toHaveLength(1);
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
  });
});
