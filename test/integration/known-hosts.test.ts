import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { expectProblem, send } from "../support/http.ts";
import { sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

const knownHost = z.strictObject({
  id: z.uuid(),
  kind: z.enum(["ssh", "rdp"]),
  path: z.string(),
  host: z.string(),
  port: z.int().nullable(),
  key_type: z.string(),
  public_key: z.string(),
  fingerprint: z.string().startsWith("SHA256:"),
  state: z.enum(["trusted", "pending", "revoked"]),
  origin: z.enum(["session", "entry", "import", "admin"]),
  first_seen_at: z.iso.datetime(),
  first_seen_by: z.string(),
  last_seen_at: z.iso.datetime().nullable(),
  last_seen_by: z.string().nullable(),
  decided_at: z.iso.datetime().nullable(),
  decided_by: z.string().nullable(),
});

let host: SshHost;
let gateway: TestGateway;
let admin: Record<string, string>;
let adminEmail: string;
beforeAll(async () => {
  [host, gateway] = await Promise.all([startSshHost(), startTestGateway()]);
  const person = await gateway.signIn("admin");
  admin = { cookie: person.cookie, "sec-fetch-site": "same-origin" };
  adminEmail = person.email;
});
afterAll(async () => {
  await gateway.close();
  await host.stop();
});

const call = (path = "", method = "GET") =>
  send(`${gateway.url}/api/admin/known-hosts${path}`, { method, headers: admin });
const listed = async (query = "") => {
  const answer = await call(query);
  expect(answer.status, answer.text).toBe(200);
  return { rows: z.array(knownHost).parse(JSON.parse(answer.text)), total: answer.headers["x-total-count"] };
};

test("a host that a session met is listed with whose session it was; once forgotten its key is met anew", async () => {
  const { cookie, email } = await gateway.signIn("poweruser");
  const api = sessionApi(gateway, cookie, targetOf(host));
  const visit = async () => {
    const id = await api.create();
    const client = await api.attach(id);
    await expect.poll(async () => (await api.read(id)).status, { timeout: 10_000 }).toBe("active");
    client.send("disconnect");
    await client.closed;
  };
  await visit();
  const { rows, total } = await listed();
  expect(rows).toEqual([expect.objectContaining({ path: "", host: host.host, port: host.port, first_seen_by: email })]);
  expect(total).toBe("1");
  const id = rows[0]?.id;
  expect(await call(`/${id}`, "DELETE")).toMatchObject({ status: 204, text: "" });
  expect(await listed()).toEqual({ rows: [], total: "0" });
  expectProblem(await call(`/${id}`, "DELETE"), 404, "not_found");
  const audit = await gateway.database
    .selectFrom("audit")
    .selectAll()
    .where("action", "=", "known_host.forget")
    .execute();
  expect(audit).toEqual([expect.objectContaining({ object_id: id, actor_name: adminEmail, actor_kind: "user" })]);
  await visit();
  const [again] = (await listed()).rows;
  expect(again).toMatchObject({ host: host.host, fingerprint: rows[0]?.fingerprint });
  expect(again?.id).not.toBe(id);
});

test("the list is by host and port, in pages, and needs whole ids to forget", async () => {
  for (const [name, port] of [
    ["z.example", 22],
    ["m.example", 2222],
    ["m.example", 22],
  ] as const) {
    const key = { keyType: "ssh-ed25519", publicKey: "AAAA", fingerprint: "SHA256:x" };
    await gateway.knownHosts.trustFirst({ kind: "ssh", path: "", host: name, port }, key, "test");
  }
  const { rows, total } = await listed();
  const places = rows.map((row) => `${row.host}:${row.port}`).filter((place) => place.includes("example"));
  expect(places).toEqual(["m.example:22", "m.example:2222", "z.example:22"]);
  expect(await listed("?limit=2&offset=1")).toEqual({ rows: rows.slice(1, 3), total });
  expectProblem(await call("?offset=-1"), 400, "invalid_request", "offset");
  for (const id of ["x", "m.example", "01a20bb6-0000-7000-8000-000000000000"])
    expectProblem(await call(`/${id}`, "DELETE"), 404, "not_found");
  expect((await listed()).rows).toEqual(rows);
});
