import { PassThrough } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import type { Endpoint, Road } from "../../../src/core/endpoint.ts";
import { Secret } from "../../../src/core/secret.ts";
import { SessionFailure } from "../../../src/core/session-end.ts";
import { protocols } from "../../../src/protocols/index.ts";
import { rdp } from "../../../src/protocols/rdp/index.ts";
import { kdcAddress } from "../../../src/protocols/rdp/kdc-address.ts";
import { fieldsRefused } from "../../support/fields-refused.ts";
import { prepareWith } from "../../support/prepare.ts";

const door = { host: "127.0.0.1", port: 40_000 };
const target = { host: "pc-1.example.com", port: 3389 };

test("the list of protocols has it, on the port that RDP servers have", () => {
  expect(protocols.get("rdp")).toBe(rdp);
  expect(rdp.defaultPort).toBe(3389);
});

const ours = { "resize-method": "display-update", "enable-touch": "true" };

test("without settings guacd learns where to go; resizing and touch are ours and not the person's", () => {
  const { defaults, ...plan } = rdp.plan(door, {});
  expect(plan).toEqual({ protocol: "rdp", args: { hostname: "127.0.0.1", port: "40000" } });
  expect(defaults?.(new Set())).toEqual(ours);
});

describe("a certificate that the gateway has checked", () => {
  const certificate = { fingerprint: "SHA256:AB:CD", isVouched: true, isNegotiated: true };
  const told = (settings: object, known: string[], isVouched = true) => {
    const { args, defaults } = rdp.plan({ ...door, certificate: { ...certificate, isVouched } }, settings);
    expect(args).not.toHaveProperty("ignore-cert");
    return defaults?.(new Set(known));
  };

  test("is told to a guacd that knows fingerprints, which takes no other one", () => {
    expect(told({ ignore_cert: false }, ["cert-fingerprints"])).toEqual({
      ...ours,
      "ignore-cert": "false",
      "cert-fingerprints": "sha256:ab:cd",
    });
  });

  test("is not asked for again by an older one, which sees another name", () => {
    expect(told({}, ["ignore-cert"])).toEqual({ ...ours, "ignore-cert": "true" });
  });

  test("is asked for again by an older one that finds the target by its name, if an authority vouches for it", () => {
    expect(told({ auth_pkg: "kerberos" }, ["ignore-cert"])).toEqual({ ...ours, "ignore-cert": "false" });
    expect(told({ auth_pkg: "kerberos" }, ["ignore-cert"], false)).toEqual({ ...ours, "ignore-cert": "true" });
  });

  test("by Kerberos leaves no way to go without TLS", () => {
    expect(rdp.plan({ ...target, certificate }, { auth_pkg: "kerberos" }).args).toMatchObject({ security: "nla" });
    expect(rdp.plan({ ...target, certificate }, { auth_pkg: "kerberos", security: "nla-ext" }).args).toMatchObject({
      security: "nla-ext",
    });
  });
});

/** Every option there is, with a value of it. */
const all = {
  domain: "EXAMPLE",
  security: "nla-ext",
  ignore_cert: true,
  auth_pkg: "ntlm",
  kdc_url: "https://proxy.example.com/KdcProxy",
  kerberos_cache: "FILE:/tmp/krb5cc_0",
  color_depth: 32,
  remote_app: "||notepad",
  remote_app_dir: "C:\\Users",
  remote_app_args: "/a file.txt",
  initial_program: "cmd.exe",
  console: true,
  server_layout: "de-de-qwertz",
  client_name: "sallyport",
  load_balance_info: "tsv://MS Terminal Services Plugin.1.Farm",
  preconnection_id: 0,
  preconnection_blob: "4d2f",
  gateway_hostname: "rdg.example.com",
  gateway_port: 8443,
  gateway_username: "bob",
  gateway_domain: "DMZ",
  disable_audio: true,
  enable_wallpaper: true,
  enable_theming: true,
  enable_font_smoothing: true,
  enable_full_window_drag: true,
  enable_desktop_composition: true,
  enable_menu_animations: true,
  disable_gfx: true,
  force_lossless: true,
  disable_copy: true,
  disable_paste: true,
};

test("every setting reaches guacd under its own name; domain and RD gateway as the endpoint has them", () => {
  expect(Object.keys(all).toSorted()).toEqual(Object.keys(rdp.settingsSchema.properties ?? {}).toSorted());
  const { domain: _, gateway_hostname: __, gateway_port: ___, ...plain } = all;
  const endpoint = {
    ...target,
    username: "ann",
    password: new Secret("right"),
    domain: "typed later",
    gateway: { ...door, password: new Secret("the gateway's") },
  };
  expect(rdp.plan(endpoint, all).args).toEqual({
    ...Object.fromEntries(Object.entries(plain).map(([name, value]) => [name.replaceAll("_", "-"), String(value)])),
    hostname: "pc-1.example.com",
    port: "3389",
    username: "ann",
    password: "right",
    domain: "typed later",
    "gateway-hostname": "127.0.0.1",
    "gateway-port": "40000",
    "gateway-password": "the gateway's",
  });
});

test("guacd never gets an RD gateway that the gateway has not opened a forward to", () => {
  const { args } = rdp.plan(target, all);
  expect(args).not.toHaveProperty("gateway-hostname");
  expect(args).not.toHaveProperty("gateway-port");
});

test.each([
  ["security", "tls12"],
  ["ignore_cert", "true"],
  ["auth_pkg", "negotiate"],
  ["kdc_url", "ftp://kdc"],
  ["kdc_url", "https://user:secret@kdc/"],
  ["kdc_url", "kdc:0"],
  ["kerberos_cache", "a\nb"],
  ["color_depth", 4],
  ["console", "yes"],
  ["server_layout", "german"],
  ["client_name", "x".repeat(32)],
  ["preconnection_id", -1],
  ["preconnection_id", "7"],
  ["gateway_hostname", "http://rdg"],
  ["gateway_hostname", "a b"],
  ["gateway_port", 0],
  ["gateway_port", 65_536],
  ["domain", "a\u0000b"],
  ["remote_app", "x".repeat(513)],
  ["disable_gfx", 1],
  ["drive_path", "/"],
  ["static_channels", "x"],
])("%s %j is refused by its name", (name, value) => {
  expect(fieldsRefused(rdp, { [name]: value })).toEqual([name]);
});

test.each(["any", "nla", "nla-ext", "tls", "rdp", "vmconnect"])("security %s is taken", (security) => {
  expect(fieldsRefused(rdp, { security })).toEqual([]);
});

test.each([8, 16, 24, 32])("%i bits of colour are taken", (color_depth) => {
  expect(fieldsRefused(rdp, { color_depth })).toEqual([]);
});

test("an empty auth_pkg leaves it to both sides", () => {
  expect(rdp.parseSettings({ auth_pkg: "" })).toEqual({});
});

test("the form's schema gives each setting a title, and marks what only admins may give", () => {
  const properties = Object.entries(rdp.settingsSchema.properties ?? {});
  for (const [, schema] of properties) expect(schema).toHaveProperty("title");
  expect(properties.filter(([, schema]) => Object(schema).adminOnly).map(([name]) => name)).toEqual(["kerberos_cache"]);
  expect(rdp.adminFields).toEqual(["kerberos_cache"]);
});

test.each([
  ["kdc.example.com", { host: "kdc.example.com", port: 88 }],
  ["kdc.example.com:1088", { host: "kdc.example.com", port: 1088 }],
  ["[fd00::1]:88", { host: "fd00::1", port: 88 }],
  ["https://proxy.example.com/KdcProxy", { host: "proxy.example.com", port: 443 }],
  ["http://proxy.example.com:8080/", { host: "proxy.example.com", port: 8080 }],
  ["https://[fd00::1]/x", { host: "fd00::1", port: 443 }],
  ["kdc/x", undefined],
])("a KDC given as %s is reached at %j", (text, endpoint) => {
  expect(kdcAddress(text)).toEqual(endpoint);
});

describe("preparing", () => {
  const secrets = { password: "right", gateway_password: "the gateway's" };
  const signIn = { username: "ann", password: new Secret("right"), domain: "EXAMPLE" };
  const cause = () => null;
  const certificate = { fingerprint: "SHA256:AB", isVouched: false, isNegotiated: true };
  const prepare = async (settings: object, road: Road = refusing) => {
    const openForward = vi.fn(async () => ({ ...door, cause }));
    const checkCertificate = vi.fn(async () => certificate);
    const session = prepareWith({ target, username: "ann", settings, secrets, openForward, checkCertificate, road });
    return { endpoint: await rdp.prepare?.(session), openForward, checkCertificate };
  };
  const refusing = {
    connect: async ({ host }: Endpoint) => {
      throw new SessionFailure("target_not_allowed", `not ${host}`);
    },
  };

  test("checks the certificate, then opens a forward to the target that lets no other one pass", async () => {
    const { endpoint, openForward } = await prepare({ domain: "EXAMPLE" });
    expect(endpoint).toEqual({ ...door, cause, ...signIn, certificate });
    expect(openForward.mock.calls).toEqual([[{ target, speaks: certificate }]]);
  });

  test("asks for the certificate as guacd will connect", async () => {
    const { checkCertificate } = await prepare({
      security: "tls",
      load_balance_info: "tsv://x",
      preconnection_blob: "vm",
    });
    const preconnection = { id: undefined, blob: "vm" };
    expect(checkCertificate.mock.calls).toEqual([
      [{ target, security: "tls", routingToken: "tsv://x", preconnection }],
    ]);
  });

  test.each([{ ignore_cert: true }, { security: "rdp" }])("with %j asks for none", async (settings) => {
    const { endpoint, openForward, checkCertificate } = await prepare({ domain: "EXAMPLE", ...settings });
    expect(endpoint).toEqual({ ...door, cause, ...signIn });
    expect(openForward.mock.calls).toEqual([[{ target }]]);
    expect(checkCertificate).not.toHaveBeenCalled();
  });

  test("with an RD gateway opens the forward to that one, and leaves it the target's own name", async () => {
    const { endpoint, openForward } = await prepare({ domain: "EXAMPLE", gateway_hostname: "rdg.example.com" });
    expect(endpoint).toEqual({
      ...target,
      ...signIn,
      gateway: { ...door, password: new Secret("the gateway's") },
      cause,
    });
    expect(openForward.mock.calls).toEqual([[{ target: { host: "rdg.example.com", port: 443 } }]]);
  });

  test("with Kerberos gives guacd the target's own name, once the road has reached it", async () => {
    const stream = new PassThrough();
    const connect = vi.fn(async () => stream);
    const { endpoint, openForward } = await prepare({ domain: "EXAMPLE", auth_pkg: "kerberos" }, { connect });
    expect(endpoint).toEqual({ ...target, ...signIn, certificate });
    expect(connect).toHaveBeenCalledWith(target, expect.any(AbortSignal));
    expect(stream.destroyed).toBe(true);
    expect(openForward).not.toHaveBeenCalled();
  });

  test.each([
    ["a target by Kerberos", { auth_pkg: "kerberos" }, "pc-1.example.com"],
    ["a KDC", { kdc_url: "kdc.example.com" }, "kdc.example.com"],
  ])("ends when the policy refuses %s", async (_, settings, host) => {
    await expect(prepare(settings)).rejects.toMatchObject({
      end: { reason: "target_not_allowed", detail: `not ${host}` },
    });
  });
});
