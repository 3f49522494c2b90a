import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/config/config-error.ts";
import { loadConfig } from "../../../src/config/load.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const written = (text: string): string => {
  const file = join(folder, `${++files}.toml`);
  writeFileSync(file, text);
  return file;
};
const load = (toml: string, env: Record<string, string> = {}) => loadConfig({ file: written(toml), env }).config;
const faults = (toml: string, env: Record<string, string> = {}): string[] => {
  try {
    loadConfig({ file: written(toml), env });
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map(({ where, key, why }) => `${where.replace(/^.*\.toml/, "file")}: ${key}: ${why}`);
    throw error;
  }
  return [];
};

describe("values", () => {
  test("the environment wins over the file, the file over the defaults", () => {
    const config = load("[server]\nport = 1000\nsite_title = 'File'\n", { SALLYPORT_SERVER_PORT: "2000" });
    expect(config.server.port).toBe(2000);
    expect(config.server.siteTitle).toBe("File");
    expect(config.server.host).toBe("127.0.0.1");
  });

  test("a _FILE variable gives its file's content without the line break at its end", () => {
    const config = load("", { SALLYPORT_DATABASE_URL_FILE: written("postgres://u:p@db/sallyport\n") });
    expect(config.database.url?.reveal()).toBe("postgres://u:p@db/sallyport");
  });

  test("lists in the environment are separated by commas, and empty text is an empty list", () => {
    expect(load("", { SALLYPORT_TARGETS_SSH_ALLOW: "10.0.0.0/8, 127.0.0.1" }).targets.ssh.allow).toEqual([
      "10.0.0.0/8",
      "127.0.0.1",
    ]);
    expect(load("", { SALLYPORT_TARGETS_SSH_ALLOW: "" }).targets.ssh.allow).toEqual([]);
  });

  test("the file named by SALLYPORT_CONFIG is read, and --config wins over it", () => {
    const [named, given] = [written("[server]\nport = 1"), written("[server]\nport = 2")];
    expect(loadConfig({ env: { SALLYPORT_CONFIG: named } }).config.server.port).toBe(1);
    expect(loadConfig({ file: given, env: { SALLYPORT_CONFIG: named } }).config.server.port).toBe(2);
  });

  test("guacd addresses are taken apart, with TLS and IPv6", () => {
    const address = (text: string) => load(`[guacd]\naddresses = ["${text}"]`).guacd.addresses[0];
    expect(load("[guacd]\naddresses = ['a:1', 'tls://b:2']").guacd.addresses).toHaveLength(2);
    expect(address("guacd:4822")).toEqual({ host: "guacd", port: 4822, tls: false });
    expect(address("tls://[fd00::1]:4822")).toEqual({ host: "fd00::1", port: 4822, tls: true });
  });

  test("the public URL is kept as an origin", () => {
    expect(load("[server]\npublic_url = 'https://Gate.example:443/'").server.publicUrl).toBe("https://gate.example");
  });

  test("the database URL is a secret and does not print", () => {
    const config = load("[database]\nurl = 'postgres://u:hunter2@db/x'");
    expect(JSON.stringify(config)).not.toContain("hunter2");
  });

  test("the configuration is frozen, lists and tables too", () => {
    const config = load("");
    for (const part of [config, config.server, config.targets.ssh, config.targets.ssh.allow])
      expect(Object.isFrozen(part)).toBe(true);
  });
});

describe("faults", () => {
  test("all of them are reported at once, each with its key and its line or variable", () => {
    const toml = '[server]\nport = "x"\n\n[tls]\ncert_path = "/c"\n\n[targets.ssh]\nallow = ["10.0.0.0/8",\n "10/8"]\n';
    expect(faults(toml, { SALLYPORT_LOG_LEVEL: "loud" })).toEqual([
      "file:2: server.port: must be a whole number from 0 to 65535",
      "file:8: targets.ssh.allow[1]: must be an address or a CIDR such as 10.0.0.0/8",
      "SALLYPORT_LOG_LEVEL: log.level: must be one of trace, debug, info, warn, error",
      "file:5: tls.cert_path: needs tls.key_path too",
    ]);
  });

  test("an unknown key or table names the nearest known one", () => {
    expect(faults("[server]\nhots = '::'\n[sesion]\nhistory_days = 1")).toEqual([
      "file:2: server.hots: unknown key; the nearest known one is server.host",
      "file:3: sesion: unknown key; the nearest known one is session",
    ]);
  });

  test("a key of a later version is unknown, not ignored", () => {
    expect(faults("[recording]\nenabled = true")).toHaveLength(1);
  });

  test("an unknown SALLYPORT_ name is a fault that names the nearest one; other variables are nobody's business", () => {
    expect(faults("", { SALLYPORT_SERVER_PROT: "1", PORT: "1", SALLY: "1" })).toEqual([
      "SALLYPORT_SERVER_PROT: null: unknown name; the nearest known one is SALLYPORT_SERVER_PORT",
    ]);
  });

  test("a variable together with its _FILE twin is a fault", () => {
    const env = { SALLYPORT_SERVER_PORT: "1", SALLYPORT_SERVER_PORT_FILE: written("1") };
    expect(faults("", env)).toEqual([
      "SALLYPORT_SERVER_PORT: server.port: set together with SALLYPORT_SERVER_PORT_FILE; keep one",
    ]);
  });

  test("a _FILE that is not there is a fault in words", () => {
    expect(faults("", { SALLYPORT_LOG_LEVEL_FILE: "/nowhere/level" })).toEqual([
      "SALLYPORT_LOG_LEVEL_FILE: log.level: /nowhere/level cannot be read: there is no such file",
    ]);
  });

  test("a file with broken TOML is one fault with its line", () => {
    expect(faults("[server]\nport =\n")).toEqual([expect.stringMatching(/^file:2: null: /)]);
  });

  test("a named file that is not there is a fault, not the defaults", () => {
    expect(() => loadConfig({ file: join(folder, "none.toml"), env: {} })).toThrow("there is no such file");
    expect(() => loadConfig({ env: { SALLYPORT_CONFIG: join(folder, "none.toml") } })).toThrow(ConfigError);
  });

  test.each([
    ["a value where a table belongs", "server = 5", "file:1: server: must be a table"],
    ["text where a number belongs", "[session]\nmax_total = '5'", "file:2: session.max_total: must be a whole number"],
    ["a fraction", "[session]\nhistory_days = 1.5", "file:2: session.history_days: must be a whole number"],
    ["0 for a limit that has no off", "[session]\npending_timeout_seconds = 0", "file:2: session.pending_timeout"],
    ["a time no timer can hold", "[session]\nidle_timeout_seconds = 2147484", "file:2: session.idle_timeout_seconds"],
    ["an empty host", "[server]\nhost = ''", "file:2: server.host: must not be empty"],
    ["a public URL with a path", "[server]\npublic_url = 'https://x/gate'", "file:2: server.public_url: must be"],
    ["a public URL with a user", "[server]\npublic_url = 'https://u@x'", "file:2: server.public_url: must be"],
    ["another scheme", "[server]\npublic_url = 'ftp://x'", "file:2: server.public_url: must be"],
    ["a foreign database", "[database]\nurl = 'mysql://x'", "file:2: database.url: must be postgres://"],
    [
      "an address for a guacd elsewhere without one",
      "ssh.forward_bind_address = '10.0.0.1'",
      "file:1: ssh.forward_bind_address: needs guacd.addresses; a guacd that the gateway runs uses 127.0.0.1",
    ],
    [
      "a name for a guacd elsewhere without one",
      "ssh.forward_advertised_host = 'gateway'",
      "file:1: ssh.forward_advertised_host: needs guacd.addresses",
    ],
    [
      "every address of this host without one to tell guacd",
      "guacd.addresses = ['a:1']\nssh.forward_bind_address = '0.0.0.0'",
      "file:2: ssh.forward_bind_address: needs ssh.forward_advertised_host, because guacd cannot be sent there",
    ],
    [
      "a name to listen on",
      "guacd.addresses = ['a:1']\nssh.forward_bind_address = 'gateway'",
      "file:2: ssh.forward_bind_address: must be an address such as 127.0.0.1",
    ],
    ["a key without its certificate", "tls.key_path = 'k'", "file:1: tls.key_path: needs tls.cert_path too"],
    [
      "a silence that guacd keeps when all is well",
      "guacd.silence_timeout_seconds = 10",
      "file:1: guacd.silence_timeout_seconds: must be a whole number from 11 to 3600",
    ],
    ["a guacd without a port", "[guacd]\naddresses = ['a']", "file:2: guacd.addresses[0]: must be host:port"],
    ["a guacd port that is none", "[guacd]\naddresses = ['a:65536']", "file:2: guacd.addresses[0]: must be host:port"],
    ["guacd given twice", "[guacd]\npath = 'g'\naddresses = ['a:1']", "file:2: guacd.path: cannot be used together"],
    [
      "an authority without TLS",
      "[guacd]\nca_path = 'c'\naddresses = ['a:1']",
      "file:2: guacd.ca_path: needs a tls://",
    ],
  ])("%s is refused", (_, toml, expected) => {
    expect(faults(toml)).toEqual([expect.stringContaining(expected)]);
  });

  test("no fault repeats a value of the database URL", () => {
    expect(faults("[database]\nurl = 'mysql://u:hunter2@x'").join()).not.toContain("hunter2");
  });
});
