import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { portOf } from "../support/port-of.ts";
import { runCli } from "../support/run-cli.ts";
import { startRunningGuacd } from "../support/running-guacd.ts";
import { freePort, type SshHost, startSshHost } from "../support/ssh-host.ts";

let target: SshHost;
let hop: SshHost;
let folder: string;
let port: number;
beforeAll(async () => {
  [target, hop] = await Promise.all([startSshHost(), startSshHost()]);
}, 60_000);
afterAll(() => Promise.all([target.stop(), hop.stop()]));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-doctor-"));
  port = await freePort();
  onTestFinished(() => rm(folder, { recursive: true }));
});

const environment = () => ({
  SALLYPORT_SERVER_PORT: String(port),
  SALLYPORT_SERVER_DATA_DIR: join(folder, "data"),
  SALLYPORT_TARGETS_SSH_ALLOW: "127.0.0.0/8",
});
const doctor = (args: readonly string[], env: Record<string, string> = {}) =>
  runCli(["doctor", ...args], { cwd: folder, env: { ...environment(), ...env } });
/** The same with something to read at the standard input. */
const doctorReading = (args: readonly string[], input: string) =>
  runCli(["doctor", ...args], { cwd: folder, env: environment(), input });
const diagnosis = z.object({
  ok: z.boolean(),
  steps: z.array(z.object({ step: z.string(), subject: z.string(), cause: z.string().nullable() })),
});

describe("sallyport doctor TARGET", () => {
  const way = () => [`ssh://127.0.0.1:${target.port}`, "--via", `${hop.username}@127.0.0.1:${hop.port}`];

  test("draws each step and ends with 0 when all is well, the password read from the input", async () => {
    const { code, stdout, stderr } = await doctorReading([...way(), "--password-stdin"], `${hop.password}\n`);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^ok {4}Sign-in, Hop 1, 127\.0\.0\.1 \(\d+ ms\): The password is accepted\.$/m);
    expect(stdout.trim().split("\n").at(-1)).toMatch(/^ok {4}guacd, Session host/);
    expect(stdout).not.toContain(hop.password);
    expect(code).toBe(0);
  });

  test("ends with 1 at a fault, which it names with what to do", async () => {
    const { code, stdout } = await doctorReading([...way(), "--password-stdin"], "wrong\n");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}Sign-in, Hop 1, .*\n {6}wrong_password\n {8}1\. Type the password anew\.$/m);
  });

  test("--json prints one value, as the API answers it", async () => {
    const { code, stdout } = await doctor([`ssh://127.0.0.1:${await freePort()}`, "--json"]);
    expect(code).toBe(1);
    expect(diagnosis.parse(JSON.parse(stdout)).steps.at(-1)).toMatchObject({ step: "connect", cause: "refused" });
  });

  test("allow-lists of the installation count", async () => {
    const { stdout } = await doctor([`ssh://127.0.0.1:${target.port}`, "--json"], {
      SALLYPORT_TARGETS_SSH_ALLOW: "10.0.0.0/8",
    });
    expect(diagnosis.parse(JSON.parse(stdout)).steps.at(-1)).toMatchObject({ cause: "target_not_allowed" });
  });

  test("leaves no data directory behind", async () => {
    await doctor([`ssh://127.0.0.1:${target.port}`]);
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    [["telnet://host"], /name the target as ssh:\/\/host/],
    [["ssh://ann:secret@host"], /never given on the command line/],
    [["ssh://host", "--via", "gw"], /needs a user name: user@gw/],
    [["ssh://host:99999"], /must be 1 to 65535/],
    [["--via", "ann@gw"], /need a target/],
  ])("%j is wrong usage: 2, and says why", async (args, words) => {
    const { code, stderr } = await doctor(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
    expect(stderr).not.toContain("secret");
  });
});

describe("sallyport doctor", () => {
  const report = z.object({
    ok: z.boolean(),
    checks: z.array(z.object({ name: z.string(), state: z.enum(["ok", "warn", "fail"]), message: z.string() })),
  });
  const check = async (env: Record<string, string> = {}) => {
    const { code, stdout } = await doctor(["--json"], env);
    const { ok, checks } = report.parse(JSON.parse(stdout));
    expect(code).toBe(ok ? 0 : 1);
    const of = (name: string) => checks.find((each) => each.name === name);
    return { ok, checks, of };
  };

  test("looks at everything, and fails nothing on a fresh host", async () => {
    const { ok, checks } = await check();
    expect(ok, JSON.stringify(checks)).toBe(true);
    expect(checks.map(({ name }) => name)).toEqual([
      "Node",
      "SSH encryption",
      "data directory",
      "database",
      "guacd",
      "guacd's reach",
      "listening address",
      "proxy headers",
      "clock",
      "disk",
    ]);
  });

  test("a guacd that cannot be reached fails, and one elsewhere without TLS is a warning", async () => {
    const { of } = await check({ SALLYPORT_GUACD_ADDRESSES: `127.0.0.1:${await freePort()}` });
    expect(of("guacd")).toMatchObject({ state: "fail" });
    expect(of("guacd's reach")).toMatchObject({ state: "ok" });
    const elsewhere = await check({
      SALLYPORT_GUACD_ADDRESSES: "192.0.2.1:4822",
      SALLYPORT_GUACD_CONNECT_TIMEOUT_SECONDS: "1",
    });
    expect(elsewhere.of("guacd's reach")).toMatchObject({
      state: "warn",
      message: expect.stringContaining("no authentication"),
    });
  });

  test("of several guacds each is looked at and named", async () => {
    const guacd = await startRunningGuacd();
    onTestFinished(() => guacd.stop());
    const gone = `127.0.0.1:${await freePort()}`;
    const { ok, checks } = await check({ SALLYPORT_GUACD_ADDRESSES: `${guacd.address},${gone}` });
    expect(ok).toBe(false);
    const found = checks.filter(({ name }) => name === "guacd").map(({ state, message }) => [state, message]);
    expect(found).toEqual([
      [expect.stringMatching(/^(ok|warn)$/), expect.stringContaining(`guacd at ${guacd.address} serves`)],
      ["fail", expect.stringContaining(gone)],
    ]);
    expect(checks.filter(({ name }) => name === "guacd's reach").map(({ message }) => message)).toEqual([
      expect.stringContaining(guacd.address),
      expect.stringContaining(gone),
    ]);
  });

  test("a target is tried with the first guacd that answers", async () => {
    const guacd = await startRunningGuacd();
    onTestFinished(() => guacd.stop());
    const env = { SALLYPORT_GUACD_ADDRESSES: `127.0.0.1:${await freePort()},${guacd.address}` };
    const { code, stdout } = await doctor([`ssh://127.0.0.1:${target.port}`], env);
    expect(stdout.trim().split("\n").at(-1)).toMatch(/^ok {4}guacd, Session host/);
    expect(code).toBe(0);
  });

  test("a port that another program has fails", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    const { of } = await check({ SALLYPORT_SERVER_PORT: String(await portOf(server)) });
    expect(of("listening address")).toMatchObject({ state: "fail" });
  });

  test("https in public without a trusted proxy is a warning", async () => {
    const { of } = await check({ SALLYPORT_SERVER_PUBLIC_URL: "https://gateway.example" });
    expect(of("proxy headers")).toMatchObject({ state: "warn" });
  });

  test("an open data directory is a warning, an open key file a failure", async () => {
    const data = join(folder, "data");
    await runCli(["add-admin", "ann"], { cwd: folder, env: environment() });
    await writeFile(join(data, "key"), Buffer.alloc(32));
    await chmod(data, 0o755);
    await chmod(join(data, "key"), 0o644);
    const { of } = await check();
    expect(of("data directory")).toMatchObject({ state: "warn" });
    expect(of("key file")).toMatchObject({ state: "fail" });
    expect(of("database")).toMatchObject({ state: "ok", message: "SQLite answers." });
  });

  test("a database that is none, and a certificate that is none, fail", async () => {
    const data = join(folder, "data");
    await runCli(["add-admin", "ann"], { cwd: folder, env: environment() });
    for (const name of await readdir(data))
      if (name.startsWith("sallyport.db-")) await rm(join(data, name), { recursive: true });
    await writeFile(join(data, "sallyport.db"), "this is no database, however long one looks at it".repeat(100));
    const file = join(folder, "cert.pem");
    await writeFile(file, "this is no certificate");
    const { of } = await check({ SALLYPORT_TLS_CERT_PATH: file, SALLYPORT_TLS_KEY_PATH: file });
    expect(of("database")).toMatchObject({ state: "fail" });
    expect(of("TLS certificate")).toMatchObject({ state: "fail" });
    expect(await readFile(file, "utf8")).toBe("this is no certificate");
  });
});
