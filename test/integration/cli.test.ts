import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "smol-toml";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { Secret } from "../../src/core/secret.ts";
import { openDatabase } from "../../src/db/open.ts";
import { createKnownHostStore } from "../../src/resources/known-hosts/store.ts";
import { generateKeyPair } from "../../src/ssh/generate-key-pair.ts";
import { type CliRun, runCli } from "../support/run-cli.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const cli = (...args: string[]): Promise<CliRun> => runCli(args, { cwd: folder });
const cliWith = (env: Record<string, string>, ...args: string[]): Promise<CliRun> => runCli(args, { cwd: folder, env });
const jsonOf = ({ stdout }: CliRun) => {
  expect(stdout).toMatch(/^[^\n]+\n$/);
  return JSON.parse(stdout);
};

describe("use", () => {
  test("help and version answer on stdout with code 0", async () => {
    const help = await cli("help");
    expect(help).toMatchObject({ code: 0, stderr: "" });
    for (const command of [
      "serve",
      "config",
      "add-admin",
      "list-admins",
      "disable-admin",
      "enable-admin",
      "rotate-key",
      "delete-admin",
      "known-hosts",
      "version",
    ])
      expect(help.stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    expect((await cli("version")).stdout).toMatch(/^sallyport \d+\.\d+\.\d+\n$/);
    expect(jsonOf(await cli("version", "--json"))).toMatchObject({ version: expect.any(String) });
    expect(jsonOf(await cli("--json", "help"))).toMatchObject({ help: expect.stringContaining("Usage") });
  });

  test.each([
    [[]],
    [["bogus"]],
    [["add-admin"]],
    [["config"]],
    [["list-admins", "--bogus"]],
    [["add-admin", "x", "--expires", "tomorrow"]],
    [["add-admin", "x", "--allowed-ips", "10/8"]],
  ])("wrong usage %j ends with code 2 and one sentence on stderr", async (args) => {
    const run = await cli(...args);
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toMatch(/^sallyport: [^\n]+\n$/);
  });

  test("a failure has no stack trace unless --verbose", async () => {
    expect((await cli("list-admins")).stderr).not.toMatch(/^\s+at /m);
    expect((await cli("list-admins", "--verbose")).stderr).toMatch(/^\s+at /m);
  });
});

describe("config", () => {
  test("check ends with code 2 and a line for every fault", async () => {
    writeFileSync(join(folder, "sallyport.toml"), "[server]\nprot = 1\nport = 70000\n");
    const run = await cli("config", "check");
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/sallyport\.toml:3: server\.port: /),
      expect.stringMatching(/sallyport\.toml:2: server\.prot: .*server\.port$/),
    ]);
    expect(jsonOf(await cli("config", "check", "--json"))).toMatchObject({
      ok: false,
      faults: [{ key: "server.port" }, { key: "server.prot" }],
    });
  });

  test("check of a good configuration ends with code 0", async () => {
    writeFileSync(join(folder, "mine.toml"), "[server]\nport = 7000\n");
    expect(await cli("config", "check", "--config", "mine.toml")).toMatchObject({ code: 0, stderr: "" });
    expect(jsonOf(await cli("config", "check", "--json"))).toEqual({ ok: true, file: null, faults: [] });
  });

  test("print shows what applies, as TOML that loads again or as JSON", async () => {
    writeFileSync(join(folder, "sallyport.toml"), "[server]\nport = 7000\n");
    const env = { SALLYPORT_SERVER_SITE_TITLE: "Gate" };
    const expected = { server: { port: 7000, site_title: "Gate", host: "127.0.0.1" } };
    expect(parse((await cliWith(env, "config", "print")).stdout)).toMatchObject(expected);
    expect(jsonOf(await cliWith(env, "config", "print", "--json"))).toMatchObject(expected);
  });

  test("print --redact hides the database's password", async () => {
    const run = await cliWith({ SALLYPORT_DATABASE_URL: "postgres://u:hunter2@db/x" }, "config", "print", "--redact");
    expect(run.code).toBe(0);
    expect(run.stdout + run.stderr).not.toContain("hunter2");
    expect(run.stdout).toContain('url = "[secret]"');
  });
});

describe("admin keys", () => {
  test("one is made, listed, disabled, enabled, rotated and deleted, each answered as JSON", async () => {
    const made = jsonOf(
      await cli(
        "add-admin",
        "ops",
        "--allowed-ips",
        "10.0.0.0/8,::1",
        "--expires",
        "2099-01-01T02:00:00+02:00",
        "--json",
      ),
    );
    expect(made).toEqual({ id: expect.any(String), name: "ops", key: expect.stringMatching(/^sp_/) });
    const [row] = jsonOf(await cli("list-admins", "--json"));
    expect(row).toMatchObject({
      id: made.id,
      name: "ops",
      allowed_ips: ["10.0.0.0/8", "::1"],
      expires_at: "2099-01-01T00:00:00.000Z",
      disabled: false,
      last_used_at: null,
    });
    expect(jsonOf(await cli("disable-admin", "ops", "--json"))).toMatchObject({ name: "ops", disabled: true });
    expect(jsonOf(await cli("enable-admin", "ops", "--json"))).toMatchObject({ name: "ops", disabled: false });
    const rotated = jsonOf(await cli("rotate-key", "ops", "--json"));
    expect(rotated).toMatchObject({ id: made.id, name: "ops" });
    expect(rotated.key).not.toBe(made.key);
    expect(jsonOf(await cli("delete-admin", "ops", "--json"))).toMatchObject({ name: "ops" });
    expect(jsonOf(await cli("list-admins", "--json"))).toEqual([]);
  });

  test("the list for people is aligned and without colour when it is not a terminal", async () => {
    for (const name of ["a", "a-much-longer-name"]) await cli("add-admin", name);
    const lines = (await cli("list-admins")).stdout.split("\n");
    expect(lines[0]).toMatch(/^NAME +STATE +ALLOWED FROM/);
    const column = lines[0]?.indexOf("STATE");
    expect(lines.slice(1, 3).map((line) => line.indexOf("enabled"))).toEqual([column, column]);
  });

  test("a name that is taken and a name nobody has end with code 1 and one sentence", async () => {
    await cli("add-admin", "ops");
    for (const args of [
      ["add-admin", "ops"],
      ["disable-admin", "nobody"],
      ["enable-admin", "nobody"],
      ["rotate-key", "nobody"],
      ["delete-admin", "nobody"],
    ]) {
      const run = await cli(...args);
      expect(run).toMatchObject({ code: 1, stdout: "" });
      expect(run.stderr).toMatch(/^sallyport: [^\n]+\n$/);
      expect(jsonOf(await cli(...args, "--json"))).toEqual({ error: expect.any(String) });
    }
  });

  test("an expiry in the past is refused", async () => {
    expect(await cli("add-admin", "ops", "--expires", "2001-01-01T00:00:00Z")).toMatchObject({ code: 2 });
  });

  test("only add-admin makes a data directory; the others say that there is none", async () => {
    const run = await cli("list-admins");
    expect(run).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`no data directory ${join(folder, "data")}`),
    });
    await cli("add-admin", "ops");
    expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "data", "sallyport.db")).mode & 0o077).toBe(0);
  });

  test("two that are added at the same moment are both there", async () => {
    await cli("add-admin", "first");
    const runs = await Promise.all(["a", "b", "c"].map((name) => cli("add-admin", name)));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(jsonOf(await cli("list-admins", "--json"))).toHaveLength(4);
  });
});

describe("known hosts", () => {
  const remember = async (...ports: number[]): Promise<void> => {
    await cli("add-admin", "ops"); // makes the database
    const database = openDatabase(new Secret(join(folder, "data", "sallyport.db")));
    const store = createKnownHostStore(database, systemClock);
    for (const port of ports) {
      const key = { keyType: "ssh-ed25519", publicKey: "AAAA", fingerprint: `SHA256:${port}` };
      await store.trustFirst({ kind: "ssh", path: "", host: "web1.lan", port }, key, "ann@example.com");
    }
    await database.close();
  };
  const portsOf = async (): Promise<number[]> =>
    jsonOf(await cli("known-hosts", "list", "--json")).map(({ port }: { port: number }) => port);

  test("are listed with fingerprint and who saw them first", async () => {
    await remember(22);
    const { stdout } = await cli("known-hosts", "list");
    for (const part of ["web1.lan", "22", "direct", "ssh-ed25519", "SHA256:22", "ann@example.com"])
      expect(stdout).toContain(part);
  });

  test("are forgotten by host, by host and port, and by id", async () => {
    await remember(22, 2222, 2223, 2224);
    await cli("known-hosts", "forget", "web1.lan", "--port", "2222");
    expect(await portsOf()).toEqual([22, 2223, 2224]);
    const [first] = jsonOf(await cli("known-hosts", "list", "--json"));
    expect(jsonOf(await cli("known-hosts", "forget", first.id, "--json"))).toMatchObject([{ port: 22 }]);
    expect((await cli("known-hosts", "forget", "WEB1.lan")).code).toBe(0);
    expect(await portsOf()).toEqual([]);
  });

  test("are imported from a known_hosts file, all or nothing, with a reason for each line that is left out", async () => {
    await cli("add-admin", "ops");
    const key = generateKeyPair().publicLine;
    const file = join(folder, "known_hosts");
    writeFileSync(file, `db1.lan,10.0.0.9 ${key}\n*.web.lan ${key}\n@revoked * ${key}\n@cert-authority * ${key}\n`);
    const first = await cli("known-hosts", "import", file);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toBe(
      "4 imported, 0 known already, 1 line skipped.\nline 4: host certificates are not supported\n",
    );
    const listed = jsonOf(await cli("known-hosts", "list", "--json"));
    const places = listed.map(({ host, port, state, origin }: Record<string, string>) => [host, port, state, origin]);
    expect(places).toEqual([
      ["*", null, "revoked", "import"],
      ["*.web.lan", null, "trusted", "import"],
      ["10.0.0.9", 22, "trusted", "import"],
      ["db1.lan", 22, "trusted", "import"],
    ]);
    expect(jsonOf(await cli("known-hosts", "import", file, "--via", "gw1:2222,gw2", "--json"))).toMatchObject({
      imported: 4,
    });
    expect((await cli("known-hosts", "list")).stdout).toContain("gw1:2222 > gw2:22");
    expect(jsonOf(await cli("known-hosts", "import", file, "--json"))).toMatchObject({ imported: 0, known: 4 });
    expect((await cli("known-hosts", "import", join(folder, "nowhere"))).code).toBe(1);
    expect((await cli("known-hosts", "import", file, "--via", "a b")).code).toBe(2);
    // As the doctor takes it: the hop of a session is written so as well.
    await cli("known-hosts", "import", file, "--via", "ann@[fd00::0001]:2222,bücher.example");
    expect((await cli("known-hosts", "list")).stdout).toContain("[fd00::1]:2222 > xn--bcher-kva.example:22");
  });

  test("are imported from standard input, and forgotten by the name that a file has hashed", async () => {
    await cli("add-admin", "ops");
    const file = join(folder, "known_hosts");
    writeFileSync(file, `db1.lan ${generateKeyPair().publicLine}\n[db1.lan]:2222 ${generateKeyPair().publicLine}\n`);
    execFileSync("ssh-keygen", ["-H", "-f", file], { stdio: "ignore" });
    const input = readFileSync(file, "utf8");
    const imported = await runCli(["known-hosts", "import", "-"], { cwd: folder, input });
    expect(imported.stdout).toBe("2 imported, 0 known already, 0 lines skipped.\n");
    expect((await cli("known-hosts", "forget", "DB1.lan")).code).toBe(0);
    expect(await portsOf()).toHaveLength(1);
    expect((await cli("known-hosts", "forget", "db1.lan")).code).toBe(1);
    expect((await cli("known-hosts", "forget", "db1.lan", "--port", "2222")).code).toBe(0);
    expect(await portsOf()).toEqual([]);
  });

  test("an unknown one ends with code 1, a port that is none with code 2", async () => {
    await remember();
    expect(await cli("known-hosts", "forget", "other")).toMatchObject({
      code: 1,
      stderr: "sallyport: no host key is known for other\n",
    });
    expect((await cli("known-hosts", "forget", "other", "--port", "0")).code).toBe(2);
  });
});
