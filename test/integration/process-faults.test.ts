import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { Secret } from "../../src/core/secret.ts";
import { openDatabase } from "../../src/db/open.ts";
import { descendants, stillRunning } from "../support/descendants.ts";
import { mountSmallDisk } from "../support/full-disk.ts";
import { type GatewayProcess, startGatewayProcess } from "../support/gateway-process.ts";
import { noRateLimits } from "../support/rate-limits.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { notices, type TunnelClient, typeText } from "../support/tunnel-client.ts";

// What a gateway of its own process does about its signals and its disk, with real sessions on it.

let host: SshHost;
let folder: string;
let running: GatewayProcess[];
beforeAll(async () => {
  host = await startSshHost({ config: ["MaxStartups 200", "MaxSessions 200"] });
});
afterAll(() => host.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-faults-"));
  await mkdir(join(folder, "temporary"));
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((gateway) => gateway.end("SIGKILL")));
  await rm(folder, { recursive: true, force: true });
});

interface Served {
  readonly gateway: GatewayProcess;
  readonly api: SessionApi;
  readonly key: string;
}

const serve = async (): Promise<Served> => {
  const gateway = await startGatewayProcess(folder, {
    env: {
      ...noRateLimits,
      TMPDIR: join(folder, "temporary"),
      SALLYPORT_TARGETS_SSH_ALLOW: "127.0.0.0/8",
      SALLYPORT_GUACD_ADDRESSES: "",
    },
  });
  running.push(gateway);
  const key = z.string().parse(gateway.firstKey);
  const signedIn = await signIn(gateway, key);
  const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { gateway, key, api: sessionApi(gateway, cookie, targetOf(host)) };
};

const signIn = ({ url }: GatewayProcess, key: string): Promise<Response> =>
  fetch(`${url}/auth/key`, {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
    body: JSON.stringify({ key }),
  });

const open = async (api: SessionApi): Promise<{ id: string; client: TunnelClient }> => {
  const id = await api.create();
  const client = await api.attach(id);
  await client.waitFor(isSync);
  return { id, client };
};

/** Expects that what is typed in a session reaches the host. */
const expectToWork = async (client: TunnelClient, name: string): Promise<void> => {
  typeText(client, `touch ~/${name}\n`);
  await expect.poll(() => existsSync(join(host.home, name)), { timeout: 20_000 }).toBe(true);
};

const pidOf = ({ child }: GatewayProcess): number => z.number().parse(child.pid);

test("SIGTERM with 50 live sessions: every browser is told, and within 10 s the gateway ends with code 0 and leaves nothing", async () => {
  const { gateway, api } = await serve();
  const opened: Awaited<ReturnType<typeof open>>[] = [];
  // Ten at a time: many at once are another test's.
  while (opened.length < 50) opened.push(...(await Promise.all(Array.from({ length: 10 }, () => open(api)))));
  for (const { id } of opened) await expect.poll(async () => (await api.read(id)).status).toBe("active");
  const children = await descendants(pidOf(gateway));
  expect(children.length).toBeGreaterThan(50);

  const exited = once(gateway.child, "exit");
  const beganMs = performance.now();
  gateway.child.kill("SIGTERM");
  const closes = await Promise.all(opened.map(({ client }) => client.closed));
  expect(await exited).toEqual([0, null]);
  expect(performance.now() - beganMs).toBeLessThan(10_000);

  for (const close of closes) expect(close).toEqual({ code: 1012, reason: "520" });
  for (const { client } of opened)
    expect(notices(client)).toContainEqual(expect.objectContaining({ kind: "ended", end_reason: "shutdown" }));
  expect(gateway.logs.at(-1)).toMatchObject({ msg: "stopped" });
  expect(gateway.logs.map(({ msg }) => msg)).not.toContain("stopping took too long, left the rest");
  await expect.poll(() => stillRunning(children), { timeout: 5_000 }).toEqual([]);
  await expect(fetch(`${gateway.url}/api/health`)).rejects.toThrow();
  expect(await readdir(join(folder, "temporary"))).toEqual([]);
  expect(await readdir(join(folder, "data", "run"))).toEqual([]);
  const database = openDatabase(new Secret(join(folder, "data", "sallyport.db")));
  const rows = await database.kysely.selectFrom("session").select(["status", "end_reason", "sealed_secrets"]).execute();
  await database.close();
  expect(rows).toHaveLength(50);
  for (const row of rows) expect(row).toEqual({ status: "ended", end_reason: "shutdown", sealed_secrets: null });
}, 180_000);

test("a second signal with live sessions ends the gateway at once, and nothing of it is left after 5 s", async () => {
  const { gateway, api } = await serve();
  await Promise.all(Array.from({ length: 3 }, () => open(api)));
  const children = await descendants(pidOf(gateway));
  // What a request lacks is waited for, so that the gateway is still stopping when the second signal comes.
  const { hostname, port } = new URL(gateway.url);
  const unfinished = connect(Number(port), hostname);
  unfinished.on("error", () => undefined);
  unfinished.write(
    `POST /auth/key HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`,
  );
  await fetch(`${gateway.url}/api/health`);
  const exited = once(gateway.child, "exit");
  gateway.child.kill("SIGTERM");
  await gateway.logged("stopping");
  const beganMs = performance.now();
  gateway.child.kill("SIGINT");
  expect(await exited).toEqual([1, null]);
  expect(performance.now() - beganMs).toBeLessThan(1_000);
  await expect.poll(() => stillRunning(children), { timeout: 5_000 }).toEqual([]);
  unfinished.destroy();
}, 60_000);

test("SIGHUP with a broken file: the fault is named, the old values stay, and sessions go on", async () => {
  const { gateway, api } = await serve();
  const { client } = await open(api);
  await writeFile(join(folder, "sallyport.toml"), "[session]\nmax_total = 1\n[server\n");
  gateway.child.kill("SIGHUP");
  expect(await gateway.logged("configuration refused, old values kept")).toMatchObject({
    level: "error",
    reasons: [expect.stringContaining("sallyport.toml:3")],
  });
  await expectToWork(client, "after-sighup");
  await open(api);
  await writeFile(join(folder, "sallyport.toml"), "[session]\nmax_total = 1\n");
  gateway.child.kill("SIGHUP");
  expect(await gateway.logged("configuration reread")).toMatchObject({ applied: ["session.max_total"] });
  expect((await api.call("POST", "/api/sessions", targetOf(host))).status).toBe(409);
  await expectToWork(client, "after-mended-file");
}, 60_000);

test("a full disk: sessions go on and end, what has to be stored is refused with a sentence, and all is made up for later", async () => {
  const disk = await mountSmallDisk(join(folder, "data"));
  try {
    const { gateway, api, key } = await serve();
    const [first, second] = [await open(api), await open(api)];
    await expect.poll(async () => (await api.read(second.id)).status).toBe("active");
    const waiting = await api.create();
    const made = await api.call("POST", "/api/admin/keys", { name: "never used" });
    const unusedKey = z.object({ key: z.string() }).parse(await made.json()).key;

    disk.fill();
    await expectToWork(first.client, "with-a-full-disk");
    const refused = await api.call("POST", "/api/sessions", targetOf(host));
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      code: "database_unavailable",
      detail: "The gateway cannot store anything, because its disk is full. Running sessions go on.",
    });
    expect((await signIn(gateway, key)).status).toBe(503);
    expect((await fetch(`${gateway.url}/api/sessions`, { headers: { "x-api-key": unusedKey } })).status).toBe(200);
    expect(await gateway.logged("request failed")).toMatchObject({
      level: "error",
      err: expect.objectContaining({ stack: expect.stringContaining("database or disk is full") }),
    });
    const began = await api.attach(waiting);
    expect((await began.closed).code).not.toBe(1000);
    expect(notices(began)).toContainEqual(expect.objectContaining({ kind: "ended", end_reason: "error" }));
    expect((await api.call("DELETE", `/api/sessions/${second.id}`)).status).toBe(204);
    await second.client.closed;
    expect(notices(second.client)).toContainEqual(expect.objectContaining({ kind: "ended", end_reason: "closed" }));
    expect(await gateway.logged("session end not written")).toMatchObject({ level: "error" });
    await expectToWork(first.client, "with-a-disk-still-full");

    disk.clear();
    await open(api);
    await expect.poll(() => api.read(second.id), { timeout: 20_000 }).toMatchObject({ end_reason: "closed" });
    await expect.poll(() => api.read(waiting), { timeout: 20_000 }).toMatchObject({ end_reason: "error" });
    await expectToWork(first.client, "with-room-again");
    expect(await gateway.end()).toBe(0);
    const database = openDatabase(new Secret(join(folder, "data", "sallyport.db")));
    const audit = await database.kysely
      .selectFrom("audit")
      .select(["object_id", "actor_kind"])
      .where("action", "=", "session.end")
      .where("object_id", "in", [second.id, waiting])
      .execute();
    await database.close();
    expect(audit).toContainEqual({ object_id: second.id, actor_kind: "api_key" });
    expect(audit).toContainEqual({ object_id: waiting, actor_kind: "system" });
    expect(audit).toHaveLength(2);
  } finally {
    await disk.remove();
  }
}, 120_000);
