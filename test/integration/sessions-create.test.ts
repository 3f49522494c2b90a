import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectCreated, expectProblem, send } from "../support/http.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let gateway: TestGateway;
let headers: { authorization: string };
beforeAll(async () => {
  gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_SESSION_MAX_PER_USER: "1000",
    SALLYPORT_SESSION_MAX_TOTAL: "1000",
  });
  headers = { authorization: `Bearer ${gateway.adminKey}` };
});
afterAll(() => gateway.close());

const create = (fields: Record<string, unknown>) =>
  send(`${gateway.url}/api/sessions`, { method: "POST", headers, body: { hostname: "10.0.0.1", ...fields } });
const refused = async (fields: Record<string, unknown>, field: string): Promise<string> =>
  expectProblem(await create(fields), 400, "invalid_request", field).detail;
const stored = (id: string) =>
  gateway.database.selectFrom("session").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

const { privateKey: keyObject } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const plainKey = keyObject.export({ type: "pkcs8", format: "pem" }).toString();
const lockedKey = keyObject
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open sesame" })
  .toString();
const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0TdWtbT7Vd3gJlO8v0eOQq6vE5sU0k5Z9s4nE0v0aB";

test("the least there can be: every member of a session, defaults, and where to go", async () => {
  const answer = await create({});
  const created = expectCreated(answer);
  const id = created.session_id;
  expect(answer.headers.location).toBe(`/api/sessions/${id}`);
  expect(created).toEqual({
    session_id: id,
    session_type: "ssh",
    status: "pending",
    hostname: "10.0.0.1",
    port: 22,
    username: null,
    jump_hosts: [],
    url: null,
    created_by: "first-admin",
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
    started_at: null,
    ended_at: null,
    end_reason: null,
    end_detail: null,
    active_connections: 0,
    client_url: `/client/${id}`,
    ws_url: `/ws/${id}`,
    share_url: null,
    banner_text: null,
    banner: null,
    recording: false,
    warnings: [],
  });
  const read = await send(`${gateway.url}/api/sessions/${id}`, { headers });
  expect(JSON.parse(read.text)).toEqual(created);
});

describe("options of SSH", () => {
  const good: [string, unknown][] = [
    ["session_type", "ssh"],
    ["port", 2222],
    ["username", "root"],
    ["username", "DOMAIN\\user@host with spaces é"],
    ["password", "p".repeat(4096)],
    ["host_key", hostKey],
    ["command", "tail -f /var/log/syslog"],
    ["color_scheme", "gray-black"],
    ["color_scheme", "foreground: rgb:ff/00/00; background: black"],
    ["font_name", "DejaVu Sans Mono"],
    ["font_size", 14],
    ["scrollback", 5000],
    ["terminal_type", "vt100"],
    ["backspace", 8],
    ["locale", "en_US.UTF-8"],
    ["timezone", "Europe/Berlin"],
    ["disable_copy", true],
    ["disable_paste", true],
    ["banner", "Line one\nLine two\t\u{1F600}"],
  ];
  test.each(good)("%s %j is taken", async (name, value) => {
    expectCreated(await create({ [name]: value }));
  });

  test("all of them together reach the row, and secrets only sealed", async () => {
    const { session_id } = expectCreated(await create({ ...Object.fromEntries(good), password: "together" }));
    const row = await stored(session_id);
    const settings = JSON.parse(row.settings);
    for (const name of ["command", "font_size", "scrollback", "terminal_type", "backspace", "locale", "timezone"])
      expect(settings[name], name).toEqual(Object.fromEntries(good)[name]);
    expect(settings).toMatchObject({ disable_copy: true, disable_paste: true, host_key: hostKey });
    expect(JSON.stringify(row)).not.toContain("together");
  });

  const bad: [string, unknown][] = [
    ["session_type", "telnet"],
    ["session_type", "SSH"],
    ["session_type", "constructor"],
    ["username", "u".repeat(257)],
    ["username", "a\nb"],
    ["username", "a\u0000"],
    ["password", "p".repeat(4097)],
    ["host_key", "not a key"],
    ["host_key", "ssh-ed25519 !!!!"],
    ["command", "a\nb"],
    ["color_scheme", "rainbow"],
    ["color_scheme", "foreground: url(x)"],
    ["font_name", "x".repeat(129)],
    ["font_size", 0],
    ["font_size", 1000],
    ["scrollback", -1],
    ["scrollback", 1e9],
    ["terminal_type", "xterm;reboot"],
    ["backspace", 300],
    ["locale", "en US"],
    ["timezone", "Mars/Olympus"],
    ["timezone", 1],
    ["banner", "x".repeat(4001)],
    ["banner", "bell \u0007"],
  ];
  test.each(bad)("%s %j is 400 naming it", async (name, value) => {
    expect(await refused({ [name]: value }, name)).toMatch(new RegExp(`^${name}: `));
  });
});

test.each([
  ["width", 1, 640],
  ["width", 100_000, 8192],
  ["width", 1024, 1024],
  ["height", -5, 480],
  ["height", 9000, 8192],
  ["dpi", 1, 48],
  ["dpi", 1000, 384],
] as const)("%s %i is kept as %i", async (name, given, kept) => {
  const { session_id } = expectCreated(await create({ [name]: given }));
  expect((await stored(session_id))[name]).toBe(kept);
});

test("a size that was not given stays open for what the browser measures", async () => {
  const { session_id } = expectCreated(await create({ width: 800 }));
  expect(await stored(session_id)).toMatchObject({ width: 800, height: null, dpi: null });
});

describe("how it signs in", () => {
  test("a private key is opened at once, with its passphrase where it has one", async () => {
    expectCreated(await create({ private_key: plainKey }));
    expectCreated(await create({ private_key: lockedKey, passphrase: "open sesame" }));
    // The page asks for a passphrase that is missing.
    expectCreated(await create({ private_key: lockedKey }));
    expectCreated(await create({ private_key: plainKey, password: "second" }));
  });

  test("a bad key and a wrong passphrase are told on their field, without a word of them", async () => {
    const details = [
      await refused({ private_key: "canary-key" }, "private_key"),
      await refused({ private_key: plainKey.replace(/\n[A-Za-z]/, "\ncanary") }, "private_key"),
      await refused({ private_key: lockedKey, passphrase: "canary" }, "passphrase"),
      await refused({ private_key: "x".repeat(32_769) }, "private_key"),
    ];
    expect(details.join()).not.toMatch(/canary|MII|BEGIN [A-Z ]*KEY-----\n/);
  });

  test("what contradicts itself is refused", async () => {
    await refused({ passphrase: "alone" }, "passphrase");
    await refused({ passphrase: "x", generate_keypair: true }, "passphrase");
    await refused({ generate_keypair: true, password: "x" }, "generate_keypair");
    await refused({ generate_keypair: true, private_key: plainKey }, "generate_keypair");
    expectCreated(await create({ generate_keypair: true, password: "", private_key: null, passphrase: "" }));
  });

  test("a generated pair shows its public line after the caller's banner, and differs each time", async () => {
    const first = expectCreated(await create({ generate_keypair: true, banner: "Welcome" }));
    const second = expectCreated(await create({ generate_keypair: true }));
    expect(first.banner_text).toMatch(/^Welcome\s+ssh-ed25519 AAAA\S+ \S+$/);
    expect(first.banner).toBe(first.banner_text);
    expect(second.banner_text).toMatch(/^ssh-ed25519 AAAA\S+ \S+$/);
    expect(first.banner_text).not.toContain(second.banner_text);
    expect((await stored(first.session_id)).sealed_secrets).not.toBeNull();
  });

  test("secrets are sealed in the database file and its log, and wiped when the session ends", async () => {
    const password = "canary-of-the-database-file";
    const { session_id } = expectCreated(await create({ password }));
    expect((await stored(session_id)).sealed_secrets).toMatch(/^[A-Za-z0-9+/]+=*$/);
    for (const file of ["sallyport.db", "sallyport.db-wal"])
      expect(readFileSync(join(gateway.dataDir, file)).includes(password), file).toBe(false);
    expect((await send(`${gateway.url}/api/sessions/${session_id}`, { method: "DELETE", headers })).status).toBe(204);
    expect((await stored(session_id)).sealed_secrets).toBeNull();
  });

  test("a session without secrets has nothing sealed", async () => {
    const { session_id } = expectCreated(await create({ username: "root" }));
    expect((await stored(session_id)).sealed_secrets).toBeNull();
  });
});
