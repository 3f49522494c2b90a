import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type GatewayProcess, startGatewayProcess } from "../support/gateway-process.ts";
import { portOf } from "../support/port-of.ts";
import { type CliRun, runCli } from "../support/run-cli.ts";

let folder: string;
let running: GatewayProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-serve-"));
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((gateway) => gateway.end("SIGKILL")));
  rmSync(folder, { recursive: true });
});

const start = async (
  ...options: Parameters<typeof startGatewayProcess> extends [string, ...infer Rest] ? Rest : never
) => {
  const gateway = await startGatewayProcess(folder, ...options);
  running.push(gateway);
  return gateway;
};
const serveEnv = { SALLYPORT_SERVER_PORT: "0", SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" };
/** What it says to whoever started it; the log may tell of guacd before. */
const withoutLog = ({ stderr }: CliRun) => stderr.replaceAll(/^\{.*\n/gm, "");
const runServe = (env: Record<string, string> = {}) => runCli(["serve"], { cwd: folder, env: { ...serveEnv, ...env } });
const statusOf = async (url: string, key: string): Promise<number> =>
  (await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${key}` } })).status;

describe("start", () => {
  test("the first one shows one admin key that works, outside the log; the next one shows none", async () => {
    const first = await start();
    const { firstKey } = first;
    if (firstKey === null) throw new Error(`no key was shown: ${first.stderr()}`);
    expect(await statusOf(first.url, firstKey)).toBe(200);
    expect(JSON.stringify(first.logs)).not.toContain(firstKey);
    expect(await first.end()).toBe(0);
    expect((await start()).firstKey).toBeNull();
  });

  test("the log is JSON lines when stderr is not a terminal, and stdout stays empty", async () => {
    const gateway = await start();
    expect((await gateway.logged("listening")).level).toBe("info");
    await gateway.end();
    const notJson = gateway
      .stderr()
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("{"));
    expect(notJson).toHaveLength(2); // the first key: a sentence and the key
    expect(await gateway.stdout).toBe("");
  });

  test("with --json stdout holds one JSON value with the URL", async () => {
    const gateway = await start({ args: ["--json"] });
    await gateway.end();
    expect(JSON.parse(await gateway.stdout)).toEqual({ url: gateway.url, pid: gateway.child.pid });
  });

  test("a second gateway on the data directory ends with code 1 and says which process holds it", async () => {
    const first = await start();
    const second = await runServe();
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^sallyport: [^\n]*in use by process \d+\n$/);
    expect(second.stderr).toContain(`process ${first.child.pid}`);
    expect((await fetch(`${first.url}/api/health`)).status).toBe(200);
  });

  test("after SIGKILL the next one starts and sweeps what was left", async () => {
    const first = await start();
    await first.end("SIGKILL");
    const runFolder = join(folder, "data", "run");
    mkdirSync(join(runFolder, "left"), { recursive: true });
    writeFileSync(join(runFolder, "left", "file"), "");
    await start();
    expect(existsSync(join(runFolder, "left"))).toBe(false);
  });

  test("a port in use ends with code 1, one sentence and nothing left", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    const port = await portOf(other);
    const run = await runServe({ SALLYPORT_SERVER_PORT: String(port) });
    other.close();
    expect([run.code, withoutLog(run)]).toEqual([1, `sallyport: 127.0.0.1:${port} is in use by another program\n`]);
    expect(readdirSync(join(folder, "data"))).not.toContain("gateway.pid");
  });

  test("a bad configuration ends with code 2 and every fault before anything is made", async () => {
    const run = await runServe({ SALLYPORT_SERVER_PORT: "x", SALLYPORT_LOG_LEVEL: "loud" });
    expect(run.code).toBe(2);
    expect(run.stderr.trim().split("\n")).toHaveLength(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a certificate that is not there ends with code 1 and its name", async () => {
    const run = await runServe({
      SALLYPORT_TLS_CERT_PATH: "/nowhere/cert.pem",
      SALLYPORT_TLS_KEY_PATH: "/nowhere/key.pem",
    });
    expect([run.code, withoutLog(run)]).toEqual([1, "sallyport: there is no file /nowhere/cert.pem\n"]);
  });
});

describe("stop", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s ends it with code 0 and gives the data directory back",
    async (signal) => {
      const gateway = await start();
      expect(await gateway.end(signal)).toBe(0);
      expect(gateway.logs.at(-1)).toMatchObject({ msg: "stopped" });
      expect(existsSync(join(folder, "data", "gateway.pid"))).toBe(false);
    },
  );

  test("a second signal ends it at once", async () => {
    const gateway = await start();
    const { hostname, port } = new URL(gateway.url);
    const unfinished = connect(Number(port), hostname);
    unfinished.on("error", () => undefined);
    await once(unfinished, "connect");
    unfinished.write(
      `POST /auth/key HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
    );
    await fetch(`${gateway.url}/api/health`);
    gateway.child.kill("SIGTERM");
    await gateway.logged("stopping");
    expect(await gateway.end("SIGTERM")).toBe(1);
    expect(gateway.logs.map(({ msg }) => msg)).not.toContain("stopped");
    unfinished.destroy();
  });
});

describe("while it runs", () => {
  test("admin keys are made, disabled and deleted on the command line, with effect on the next request", async () => {
    const gateway = await start();
    const cli = (...args: string[]) => runCli([...args, "--json"], { cwd: folder });
    const { key } = JSON.parse((await cli("add-admin", "ops")).stdout);
    expect(await statusOf(gateway.url, key)).toBe(200);
    await cli("disable-admin", "ops");
    expect(await statusOf(gateway.url, key)).toBe(401);
    await cli("enable-admin", "ops");
    const rotated = JSON.parse((await cli("rotate-key", "ops")).stdout).key;
    expect([await statusOf(gateway.url, key), await statusOf(gateway.url, rotated)]).toEqual([401, 200]);
    await cli("delete-admin", "ops");
    expect(await statusOf(gateway.url, rotated)).toBe(401);
  });

  test("SIGHUP applies a new title and log level, names what waits for a restart, and keeps all of it on a broken file", async () => {
    const file = join(folder, "sallyport.toml");
    const gateway = await start();
    const title = async () =>
      z.object({ site_title: z.string() }).parse(await (await fetch(`${gateway.url}/api/auth/status`)).json())
        .site_title;
    expect(await title()).toBe("Sallyport");
    writeFileSync(file, "[server]\nsite_title = 'Gate'\nhost = '127.0.0.2'\n");
    gateway.child.kill("SIGHUP");
    expect(await gateway.logged("configuration reread")).toMatchObject({
      applied: ["server.site_title"],
      waitingForRestart: ["server.host"],
    });
    expect(await title()).toBe("Gate");
    writeFileSync(file, "[server]\nsite_title = 7\n");
    gateway.child.kill("SIGHUP");
    expect(await gateway.logged("configuration refused, old values kept")).toMatchObject({
      reasons: [expect.stringContaining("sallyport.toml:2: server.site_title")],
    });
    expect(await title()).toBe("Gate");
  });
});
