import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectCreated, expectProblem, send } from "../support/http.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let gateway: TestGateway;
let headers: { authorization: string };
beforeAll(async () => {
  // The gateway's own allow-lists, as they come.
  gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_TARGETS_SSH_ALLOW: undefined,
    SALLYPORT_TARGETS_RDP_ALLOW: undefined,
    SALLYPORT_SESSION_MAX_PER_USER: "1000",
  });
  headers = { authorization: `Bearer ${gateway.adminKey}` };
});
afterAll(() => gateway.close());

const hop = { hostname: "10.0.0.7", username: "jump", password: "p" };
const create = (fields: Record<string, unknown>) =>
  send(`${gateway.url}/api/sessions`, { method: "POST", headers, body: { hostname: "10.0.0.1", ...fields } });
const refused = async (fields: Record<string, unknown>, field: string): Promise<string> =>
  expectProblem(await create(fields), 400, "invalid_request", field).detail;
const stored = (id: string) =>
  gateway.database.selectFrom("session").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

const { privateKey } = generateKeyPairSync("ed25519");
const plainKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const cipher = { cipher: "aes-256-cbc", passphrase: "open sesame" } as const;
const lockedKey = privateKey.export({ type: "pkcs8", format: "pem", ...cipher }).toString();
const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0TdWtbT7Vd3gJlO8v0eOQq6vE5sU0k5Z9s4nE0v0aB";

describe("jump_hosts", () => {
  test("are shown without secrets, kept without secrets, and named in the audit", async () => {
    const created = expectCreated(
      await create({
        jump_hosts: [
          { ...hop, password: "canary-a", host_key: hostKey },
          { hostname: "10.0.0.8", port: 2222, username: "j", private_key: lockedKey, passphrase: "open sesame" },
        ],
      }),
    );
    expect(created.jump_hosts).toEqual([
      { hostname: "10.0.0.7", port: 22, username: "jump", host_key: hostKey },
      { hostname: "10.0.0.8", port: 2222, username: "j", host_key: null },
    ]);
    const row = await stored(created.session_id);
    expect(JSON.parse(row.hops)).toEqual([
      { host: "10.0.0.7", port: 22, username: "jump", hostKey },
      { host: "10.0.0.8", port: 2222, username: "j", hostKey: null },
    ]);
    expect(row.sealed_secrets).not.toBeNull();
    expect(JSON.stringify(row)).not.toMatch(/canary|PRIVATE KEY/);
    const { details } = await gateway.database
      .selectFrom("audit")
      .select("details")
      .where("object_id", "=", created.session_id)
      .where("action", "=", "session.create")
      .executeTakeFirstOrThrow();
    expect(JSON.parse(details)).toMatchObject({ hops: ["10.0.0.7:22", "10.0.0.8:2222"] });
    expect(details).not.toMatch(/canary|jump/);
  });

  test("of others are hidden from operators, and shown to admins", async () => {
    const { cookie } = await gateway.signIn("poweruser");
    const operator = await gateway.signIn("operator");
    const body = { hostname: "10.0.0.1", jump_hosts: [{ ...hop, host_key: hostKey }] };
    const { session_id } = expectCreated(
      await send(`${gateway.url}/api/sessions`, {
        method: "POST",
        headers: { cookie, "sec-fetch-site": "same-origin" },
        body,
      }),
    );
    const seenBy = async (who: Record<string, string>) =>
      JSON.parse((await send(`${gateway.url}/api/sessions/${session_id}`, { headers: who })).text).jump_hosts;
    expect(await seenBy({ cookie: operator.cookie })).toBeNull();
    expect(await seenBy({ cookie })).toEqual([{ hostname: "10.0.0.7", port: 22, username: "jump", host_key: hostKey }]);
    expect(await seenBy(headers)).toHaveLength(1);
  });

  test.each(["ssh", "rdp", "vnc"])("go with %s; an empty list is none, and eight are the most", async (type) => {
    const jump_hosts = Array.from({ length: 8 }, () => hop);
    expect(expectCreated(await create({ session_type: type, jump_hosts })).jump_hosts).toHaveLength(8);
    expect(expectCreated(await create({ session_type: type, jump_hosts: [] })).jump_hosts).toEqual([]);
    await refused({ session_type: type, jump_hosts: [...jump_hosts, hop] }, "jump_hosts");
  });

  test.each([
    [{ ...hop, hostname: undefined }, "hostname"],
    [{ ...hop, hostname: "" }, "hostname"],
    [{ ...hop, hostname: "0x7f.1" }, "hostname"],
    [{ ...hop, hostname: "a b" }, "hostname"],
    [{ ...hop, port: 0 }, "port"],
    [{ ...hop, port: "22" }, "port"],
    [{ ...hop, port: 65_536 }, "port"],
    [{ ...hop, username: null }, "username"],
    [{ ...hop, username: "a\nb" }, "username"],
    [{ ...hop, password: 7 }, "password"],
    [{ ...hop, password: "p".repeat(4097) }, "password"],
    [{ ...hop, private_key: "canary" }, "private_key"],
    [{ ...hop, private_key: lockedKey }, "passphrase"],
    [{ ...hop, private_key: lockedKey, passphrase: "canary" }, "passphrase"],
    [{ ...hop, passphrase: "canary" }, "passphrase"],
    [{ ...hop, host_key: "canary" }, "host_key"],
    [{ ...hop, via: "x" }, "via"],
    [{ ...hop, jump_hosts: [hop] }, "jump_hosts"],
  ])("%j is 400 naming its %s by its path", async (bad, field) => {
    const detail = await refused({ jump_hosts: [hop, bad] }, `jump_hosts[1].${field}`);
    expect(detail).not.toContain("canary");
  });

  test.each([[{}], ["10.0.0.7"], [7], [[hop, "10.0.0.8"]]])("%j is no list of hops", async (jump_hosts) => {
    const { field } = expectProblem(
      await create({ jump_hosts }),
      400,
      "invalid_request",
      Array.isArray(jump_hosts) ? "jump_hosts[1]" : "jump_hosts",
    );
    expect(field).toBeDefined();
  });

  test("empty fields of a hop are absent ones, as templates send them", async () => {
    const empty = { port: null, private_key: "", passphrase: null, host_key: "", via: "", tags: [], proxy: false };
    expectCreated(await create({ jump_hosts: [{ ...hop, ...empty }] }));
  });

  test("what guacd dials by itself does not go together with hops", async () => {
    const rdp = { session_type: "rdp", jump_hosts: [hop] };
    await refused({ ...rdp, auth_pkg: "kerberos" }, "auth_pkg");
    await refused({ ...rdp, kdc_url: "10.0.0.9" }, "kdc_url");
    expectCreated(await create({ ...rdp, auth_pkg: "ntlm" }));
  });
});

describe("the single hop of older clients", () => {
  const legacy = { jump_host: "10.0.0.7", jump_username: "jump", jump_password: "p" };

  test("is one hop, and is ignored beside jump_hosts, the empty list included", async () => {
    const one = [{ hostname: "10.0.0.7", port: 2222, username: "jump", host_key: null }];
    expect(expectCreated(await create({ ...legacy, jump_port: 2222 })).jump_hosts).toEqual(one);
    expect(expectCreated(await create({ ...legacy, jump_private_key: plainKey })).jump_hosts).toHaveLength(1);
    expect(expectCreated(await create({ ...legacy, jump_hosts: null })).jump_hosts).toHaveLength(1);
    expect(expectCreated(await create({ ...legacy, jump_hosts: [], jump_port: "x" })).jump_hosts).toEqual([]);
    const other = { hostname: "10.0.0.8", port: 22, username: "jump", host_key: null };
    const jump_hosts = [{ ...hop, hostname: other.hostname }];
    expect(expectCreated(await create({ ...legacy, jump_hosts })).jump_hosts).toEqual([other]);
  });

  test("that is empty is none", async () => {
    const empty = { jump_host: "", jump_port: 22, jump_username: null, jump_password: "", jump_private_key: "" };
    expect(expectCreated(await create(empty)).jump_hosts).toEqual([]);
  });

  test.each([
    [{ jump_host: undefined }, "jump_host"],
    [{ jump_host: "127.1" }, "jump_host"],
    [{ jump_port: 0 }, "jump_port"],
    [{ jump_username: "" }, "jump_username"],
    [{ jump_password: ["canary"] }, "jump_password"],
    [{ jump_private_key: "canary" }, "jump_private_key"],
    [{ jump_private_key: lockedKey }, "jump_private_key"],
  ])("%j is 400 naming %s", async (fields, field) => {
    expect(await refused({ ...legacy, ...fields }, field)).not.toContain("canary");
  });
});

describe("what may be reached through hops, by default", () => {
  const through = (hosts: string[], hostname: string) =>
    create({ hostname, jump_hosts: hosts.map((host) => ({ ...hop, hostname: host })) });
  const notAllowed = async (hosts: string[], hostname: string) =>
    expectProblem(await through(hosts, hostname), 403, "target_not_allowed").detail;

  test.each(["db-1", "db-1.plant.example", "10.9.9.9", "fd00::7"])("%s, which is not looked up here", async (host) => {
    expectCreated(await through(["10.0.0.7", "gw-2.plant.example"], host));
  });

  test.each([
    "localhost",
    "LocalHost.",
    "x.localhost",
    "127.0.0.1",
    "::1",
    "::ffff:127.0.0.1",
    "169.254.1.1",
    "169.254.169.254",
    "metadata.google.internal",
    "8.8.8.8",
  ])("not %s, behind a hop, as a hop behind a hop, or as the first hop", async (host) => {
    await notAllowed(["10.0.0.7"], host);
    await notAllowed(["10.0.0.7", host], "10.0.0.1");
    await notAllowed([host], "10.0.0.1");
  });

  test("and hops follow the list of SSH", async () => {
    expect(await notAllowed(["8.8.8.8"], "10.0.0.1")).toContain("`targets.hops.allow`");
  });
});

test("a list of hops of their own takes the place of SSH's", async () => {
  const other = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_TARGETS_HOPS_ALLOW: "192.0.2.0/24",
    SALLYPORT_TARGETS_SSH_ALLOW_NAMES_BEHIND_HOPS: "*.plant.example",
  });
  const post = (hostname: string, through: string) =>
    send(`${other.url}/api/sessions`, {
      method: "POST",
      headers: { authorization: `Bearer ${other.adminKey}` },
      body: { hostname, jump_hosts: [{ ...hop, hostname: through }] },
    });
  try {
    expectCreated(await post("db-1.plant.example", "192.0.2.7"));
    expectProblem(await post("db-1.plant.example", "10.0.0.7"), 403, "target_not_allowed");
    expectProblem(await post("db-1.office.example", "192.0.2.7"), 403, "target_not_allowed");
  } finally {
    await other.close();
  }
});
