import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { protocols } from "../../src/protocols/index.ts";
import { expectCreated, expectProblem, send } from "../support/http.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let gateway: TestGateway;
let admin: Record<string, string>;
let poweruser: Record<string, string>;
beforeAll(async () => {
  gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_SESSION_MAX_PER_USER: "1000",
    SALLYPORT_SESSION_MAX_TOTAL: "1000",
    SALLYPORT_TARGETS_RDP_ALLOW: "10.1.0.0/16",
    SALLYPORT_TARGETS_VNC_ALLOW: "10.2.0.0/16",
  });
  admin = { authorization: `Bearer ${gateway.adminKey}` };
  const { cookie } = await gateway.signIn("poweruser");
  poweruser = { cookie, "sec-fetch-site": "same-origin" };
});
afterAll(() => gateway.close());

const hosts = { rdp: "10.1.0.1", vnc: "10.2.0.1", ssh: "10.0.0.1" };
type Type = keyof typeof hosts;

const create = (session_type: Type, fields: Record<string, unknown>, headers = poweruser) =>
  send(`${gateway.url}/api/sessions`, {
    method: "POST",
    headers,
    body: { session_type, hostname: hosts[session_type], ...fields },
  });
const stored = (id: string) =>
  gateway.database.selectFrom("session").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

const good: [Type, string, unknown][] = [
  ["vnc", "color_depth", 8],
  ["vnc", "color_depth", 32],
  ["vnc", "cursor", "local"],
  ["vnc", "cursor", "remote"],
  ["vnc", "swap_red_blue", true],
  ["vnc", "force_lossless", true],
  ["vnc", "disable_display_resize", true],
  ["vnc", "encodings", "tight zrle copyrect raw"],
  ["vnc", "disable_copy", true],
  ["vnc", "disable_paste", true],
  ["rdp", "domain", "EXAMPLE"],
  ["rdp", "security", "nla"],
  ["rdp", "security", "vmconnect"],
  ["rdp", "ignore_cert", true],
  ["rdp", "auth_pkg", "kerberos"],
  ["rdp", "auth_pkg", "ntlm"],
  ["rdp", "auth_pkg", ""],
  ["rdp", "kdc_url", "https://kdc.example.com/KdcProxy"],
  ["rdp", "kdc_url", "10.1.0.2:88"],
  ["rdp", "color_depth", 16],
  ["rdp", "color_depth", 24],
  ["rdp", "remote_app", "||notepad"],
  ["rdp", "remote_app_dir", "C:\\Windows"],
  ["rdp", "remote_app_args", "/p file.txt"],
  ["rdp", "initial_program", "explorer.exe"],
  ["rdp", "console", true],
  ["rdp", "server_layout", "es-latam-qwerty"],
  ["rdp", "server_layout", "failsafe"],
  ["rdp", "client_name", "sallyport"],
  ["rdp", "load_balance_info", "tsv://MS Terminal Services Plugin.1.Farm"],
  ["rdp", "preconnection_id", 0],
  ["rdp", "preconnection_blob", "4d2f-11"],
  ["rdp", "gateway_hostname", "rdg.example.com"],
  ["rdp", "gateway_port", 443],
  ["rdp", "gateway_username", "bob"],
  ["rdp", "gateway_password", "p".repeat(4096)],
  ["rdp", "gateway_domain", "DMZ"],
  ["rdp", "disable_audio", true],
  ["rdp", "enable_wallpaper", true],
  ["rdp", "enable_theming", true],
  ["rdp", "enable_font_smoothing", true],
  ["rdp", "enable_full_window_drag", true],
  ["rdp", "enable_desktop_composition", true],
  ["rdp", "enable_menu_animations", true],
  ["rdp", "disable_gfx", true],
  ["rdp", "force_lossless", true],
  ["rdp", "disable_copy", true],
  ["rdp", "disable_paste", true],
];

describe("options of desktops", () => {
  test("none is missing here", () => {
    for (const type of ["vnc", "rdp"] as const) {
      const tried = new Set(good.filter(([of]) => of === type).map(([, name]) => name));
      const served = Object.keys(protocols.get(type)?.settingsSchema.properties ?? {});
      expect(served.filter((name) => !tried.has(name))).toEqual(type === "rdp" ? ["kerberos_cache"] : []);
    }
  });

  test.each(good)("%s: %s %j is taken", async (type, name, value) => {
    expectCreated(await create(type, { [name]: value }));
  });

  test.each(["vnc", "rdp"] as const)("all of %s together reach the row, and secrets only sealed", async (type) => {
    const all = Object.fromEntries(
      good.flatMap(([of, name, value]) => (of === type && value !== "" ? [[name, value]] : [])),
    );
    const secrets = { password: "the password", ...(type === "rdp" ? { gateway_password: "another one" } : {}) };
    const created = expectCreated(await create(type, { ...all, username: "ann", ...secrets }));
    expect(created).toMatchObject({
      session_type: type,
      port: type === "vnc" ? 5900 : 3389,
      username: "ann",
      warnings: [],
    });
    const row = await stored(created.session_id);
    const { gateway_password: _, ...settings } = all;
    expect(JSON.parse(row.settings)).toEqual(settings);
    expect(row.sealed_secrets).not.toBeNull();
    for (const secret of Object.values(secrets)) {
      expect(JSON.stringify(row)).not.toContain(secret);
      expect(JSON.stringify(created)).not.toContain(secret);
      expect(Buffer.from(row.sealed_secrets ?? "", "base64").includes(secret)).toBe(false);
    }
  });
});

const bad: [Type, string, unknown][] = [
  ["vnc", "color_depth", 12],
  ["vnc", "cursor", "big"],
  ["vnc", "encodings", "zrle h264"],
  ["vnc", "swap_red_blue", "yes"],
  ["vnc", "session_type", "VNC"],
  ["rdp", "security", "ssl"],
  ["rdp", "auth_pkg", "basic"],
  ["rdp", "kdc_url", "ldap://kdc"],
  ["rdp", "color_depth", "32"],
  ["rdp", "server_layout", "qwerty"],
  ["rdp", "preconnection_id", 1.5],
  ["rdp", "gateway_port", 70_000],
  ["rdp", "gateway_hostname", "rdg:443/x"],
  ["rdp", "gateway_password", "p".repeat(4097)],
  ["rdp", "gateway_password", 7],
  ["rdp", "domain", "a\nb"],
];
test.each(bad)("%s: %s %j is a 400 that names it", async (type, name, value) => {
  const { detail } = expectProblem(await create(type, { [name]: value }), 400, "invalid_request", name);
  expect(detail).toMatch(new RegExp(`^${name}: `));
});

test.each([
  ["vnc", "command", "id"],
  ["vnc", "domain", "d"],
  ["vnc", "private_key", "k"],
  ["vnc", "gateway_password", "p"],
  ["rdp", "encodings", "raw"],
  ["rdp", "font_size", 12],
  ["rdp", "generate_keypair", true],
  ["ssh", "color_depth", 16],
  ["ssh", "ignore_cert", true],
] as const)("a field of another type is refused: %s has no %s", async (type, name, value) => {
  const { detail } = expectProblem(await create(type, { [name]: value }), 400, "invalid_request", name);
  expect(detail).toBe(`${name}: is not a field of ${type} sessions`);
});

test("drives are not there yet for any of them", async () => {
  for (const type of ["rdp", "ssh"] as const)
    expectProblem(await create(type, { enable_drive: true }), 400, "not_supported", "enable_drive");
});

test("a ticket cache of guacd's host is for admins", async () => {
  const cache = { kerberos_cache: "FILE:/tmp/krb5cc_0" };
  expect(expectProblem(await create("rdp", cache), 403, "forbidden", "kerberos_cache").detail).toBe(
    "kerberos_cache: only admins may set this.",
  );
  expectCreated(await create("rdp", { kerberos_cache: "" }));
  const { session_id } = expectCreated(await create("rdp", cache, admin));
  expect(JSON.parse((await stored(session_id)).settings)).toEqual(cache);
});

test("each type has an allow-list of its own", async () => {
  for (const type of ["rdp", "vnc"] as const) {
    const answer = await create(type, { hostname: type === "rdp" ? hosts.vnc : hosts.rdp });
    expect(expectProblem(answer, 403, "target_not_allowed").detail).toContain(`targets.${type}.allow`);
  }
});

test("an unknown type is told which there are", async () => {
  const answer = await send(`${gateway.url}/api/sessions`, {
    method: "POST",
    headers: poweruser,
    body: { session_type: "telnet", hostname: "10.0.0.1" },
  });
  expect(expectProblem(answer, 400, "invalid_request", "session_type").detail).toBe(
    "session_type: must be one of ssh, rdp, vnc",
  );
});

test("lists can be narrowed to a type", async () => {
  const typesOf = async (type: string) => {
    const answer = await send(`${gateway.url}/api/sessions?type=${type}&limit=1000`, { headers: admin });
    return new Set(JSON.parse(answer.text).map(({ session_type }: { session_type: string }) => session_type));
  };
  expect(await typesOf("vnc")).toEqual(new Set(["vnc"]));
  expect(await typesOf("rdp")).toEqual(new Set(["rdp"]));
});
