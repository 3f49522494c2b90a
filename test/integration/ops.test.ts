import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { endReasons } from "../../src/core/session-end.ts";
import { startFakeGuacd } from "../support/fake-guacd.ts";
import { expectProblem, send } from "../support/http.ts";
import { openSocket } from "../support/open-socket.ts";
import { type OpsClient, opsClient } from "../support/ops-client.ts";
import { parseMetrics } from "../support/parse-metrics.ts";
import { portOf } from "../support/port-of.ts";
import { runCli } from "../support/run-cli.ts";
import { startScriptedServer } from "../support/scripted-server.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { freePort, type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { typeText } from "../support/tunnel-client.ts";

let host: SshHost;
let gateway: TestGateway;
let ops: OpsClient;
let api: SessionApi;
let email: string;
beforeAll(async () => {
  [host, ops] = await Promise.all([startSshHost(), opsClient()]);
  gateway = await startTestGateway(ops.environment);
  const person = await gateway.signIn("poweruser");
  email = person.email;
  api = sessionApi(gateway, person.cookie, targetOf(host));
});
afterAll(async () => {
  await gateway?.close();
  await host?.stop();
});

/** A gateway of the test's own, with its ops listener. */
const startOwn = async (environment: Readonly<Record<string, string>> = {}) => {
  const own = await opsClient();
  const started = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    ...own.environment,
    ...environment,
  });
  return { own, started };
};
const ready = z.strictObject({ status: z.string(), missing: z.array(z.string()) });
const readiness = async (url: string) => {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: ready.parse(await response.json()) };
};

describe("the metrics", () => {
  test("are well formed, and say of each what it is", async () => {
    const response = await fetch(`${ops.url}/metrics`);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const families = parseMetrics(await response.text());
    expect(families.length).toBeGreaterThan(20);
    for (const { name, help, type, samples } of families) {
      expect(help, name).toMatch(/^[A-Z].*\.$/);
      expect(samples.length, name).toBeGreaterThan(0);
      expect(name.endsWith("_total"), name).toBe(type === "counter");
    }
  });

  test("tell of a session that comes, is used and ends", async () => {
    const ssh = { protocol: "ssh" };
    const before = {
      dials: await ops.value("sallyport_target_dial_seconds_count", ssh),
      pictures: await ops.value("sallyport_session_first_picture_seconds_count", ssh),
      ends: await ops.value("sallyport_session_ends_total", { reason: "closed" }),
      up: await ops.value("sallyport_tunnel_bytes_total", { ...ssh, direction: "up" }),
      down: await ops.value("sallyport_tunnel_bytes_total", { ...ssh, direction: "down" }),
      sockets: await ops.value("sallyport_http_answers_total", { status: "1xx" }),
    };
    const id = await api.create();
    expect(await ops.value("sallyport_sessions", { ...ssh, state: "pending" })).toBe(1);
    expect(await ops.value("sallyport_sessions", { ...ssh, state: "active" })).toBe(0);
    const client = await api.attach(id);
    await client.waitFor(isSync);
    await expect.poll(() => ops.value("sallyport_sessions", { ...ssh, state: "active" })).toBe(1);
    expect(await ops.value("sallyport_sessions", { ...ssh, state: "pending" })).toBe(0);
    expect(await ops.value("sallyport_websockets_open")).toBe(1);
    expect(await ops.value("sallyport_http_answers_total", { status: "1xx" })).toBe(before.sockets + 1);
    expect(await ops.value("sallyport_target_dial_seconds_count", ssh)).toBe(before.dials + 1);
    expect(await ops.value("sallyport_target_dial_seconds_sum", ssh)).toBeGreaterThan(0);
    expect(await ops.value("sallyport_session_first_picture_seconds_count", ssh)).toBe(before.pictures + 1);
    typeText(client, "clear\n");
    await expect
      .poll(() => ops.value("sallyport_tunnel_bytes_total", { ...ssh, direction: "up" }))
      .toBeGreaterThan(before.up + 60);
    const received = client.received.reduce((sum, elements) => sum + elements.join("").length, 0);
    expect(await ops.value("sallyport_tunnel_bytes_total", { ...ssh, direction: "down" })).toBeGreaterThan(
      before.down + received / 2,
    );
    client.send("disconnect");
    await client.closed;
    await expect.poll(() => ops.value("sallyport_session_ends_total", { reason: "closed" })).toBe(before.ends + 1);
    expect(await ops.value("sallyport_sessions", { ...ssh, state: "active" })).toBe(0);
    expect(await ops.value("sallyport_websockets_open")).toBe(0);
  });

  test("name no person, host, address or session, and every label has a short list of values", async () => {
    const id = await api.create();
    const client = await api.attach(id);
    await client.waitFor(isSync);
    const text = await (await fetch(`${ops.url}/metrics`)).text();
    client.send("disconnect");
    await client.closed;
    for (const secret of [email, host.username, host.host, String(host.port), id])
      expect(text.split("\n").filter((line) => line.includes(`"${secret}"`))).toEqual([]);
    const allowed: Record<string, RegExp> = {
      protocol: /^(ssh|rdp|vnc)$/,
      state: /^(pending|active|up|down|draining)$/,
      reason: new RegExp(`^(${endReasons.join("|")})$`),
      direction: /^(down|up)$/,
      status: /^[1-5]xx$/,
      limit: /^(api|session_create|sign_in|key|connections)$/,
      le: /^(\+Inf|[\d.]+)$/,
      version: /^\d+\.\d+\.\d+/,
      node: /^\d+\.\d+\.\d+$/,
    };
    for (const { name, samples } of parseMetrics(text))
      for (const [label, value] of samples.flatMap(({ labels }) => Object.entries(labels)))
        expect(value, `${name} ${label}`).toMatch(allowed[label] ?? /^$/);
  });

  test("tell of answers by class, of the process and of the event loop", async () => {
    const ask = (path: string) => send(gateway.url + path);
    const [before, lags] = await Promise.all([
      ops.value("sallyport_http_answers_total", { status: "4xx" }),
      ops.value("sallyport_event_loop_lag_seconds_count"),
    ]);
    await Promise.all([ask("/api/nothing"), ask("/api/me")]);
    expect(await ops.value("sallyport_http_answers_total", { status: "4xx" })).toBe(before + 2);
    await expect.poll(() => ops.value("sallyport_event_loop_lag_seconds_count")).toBeGreaterThan(lags);
    expect(await ops.value("process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
    expect(await ops.value("process_open_fds")).toBeGreaterThan(5);
    expect(await ops.value("process_max_fds")).toBeGreaterThan(await ops.value("process_open_fds"));
    const uptimeSeconds = Date.now() / 1000 - (await ops.value("process_start_time_seconds"));
    expect(uptimeSeconds).toBeGreaterThanOrEqual(-1);
    expect(uptimeSeconds).toBeLessThan(3600);
  });

  test("tell of calls that were refused as too many", async () => {
    const { own, started } = await startOwn({ SALLYPORT_RATE_LIMIT_LOGIN_FAILURES_PER_MINUTE: "1" });
    onTestFinished(() => started.close());
    const signIn = () => send(`${started.url}/auth/key`, { method: "POST", body: { key: "sp_wrong" } });
    expect([(await signIn()).status, (await signIn()).status]).toEqual([401, 429]);
    expect(await own.value("sallyport_rate_limited_total", { limit: "sign_in" })).toBe(1);
    expect(await own.value("sallyport_rate_limited_total", { limit: "api" })).toBe(0);
  });

  test("tell of a guacd that fell silent in a session", async () => {
    const target = createServer((socket) => void socket.on("error", () => undefined).resume()).listen(0, "127.0.0.1");
    onTestFinished(() => void target.close());
    const guacd = await startFakeGuacd(["VERSION_1_5_0", "hostname", "port", "password"]);
    onTestFinished(() => guacd.close());
    const { own, started } = await startOwn({
      SALLYPORT_GUACD_ADDRESSES: guacd.address,
      SALLYPORT_GUACD_SILENCE_TIMEOUT_SECONDS: "11",
    });
    onTestFinished(() => started.close());
    const fields = { session_type: "vnc", hostname: "127.0.0.1", port: await portOf(target), password: "x" };
    const silent = sessionApi(started, (await started.signIn("poweruser")).cookie, fields);
    const client = await silent.attach(await silent.create());
    await client.closed;
    expect(await own.value("sallyport_guacd_stalls_total")).toBe(1);
    await expect.poll(() => own.value("sallyport_session_ends_total", { reason: "guacd_failed" })).toBe(1);
    expect(await own.value("sallyport_session_first_picture_seconds_count", { protocol: "vnc" })).toBe(0);
  }, 20_000);
});

describe("readiness", () => {
  test("is there when everything is, and guacd with it", async () => {
    await expect.poll(() => readiness(ops.url)).toEqual({ status: 200, body: { status: "ready", missing: [] } });
    expect(await ops.value("sallyport_guacd_up")).toBe(1);
    expect(await ops.value("sallyport_database_up")).toBe(1);
    expect(await (await fetch(`${ops.url}/livez`)).json()).toEqual({ status: "ok" });
  });

  test("names a given guacd that does not answer, while the process is alive all the same", async () => {
    const { own, started } = await startOwn();
    onTestFinished(() => started.close());
    expect(await readiness(own.url)).toEqual({ status: 503, body: { status: "not ready", missing: ["guacd"] } });
    expect(await own.value("sallyport_guacd_up")).toBe(0);
    expect((await fetch(`${own.url}/livez`)).status).toBe(200);
  });

  test("sees a given guacd that answers, and connects no more than once for many questions", async () => {
    let knocks = 0;
    const guacd = await startScriptedServer((socket) => {
      knocks += 1;
      socket.once("data", () => socket.write("4.args,13.VERSION_1_5_0;"));
    });
    onTestFinished(() => guacd.close());
    const { own, started } = await startOwn({ SALLYPORT_GUACD_ADDRESSES: `127.0.0.1:${guacd.port}` });
    onTestFinished(() => started.close());
    const answers = await Promise.all(Array.from({ length: 10 }, () => readiness(own.url)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await own.value("sallyport_guacd_up")).toBe(1);
    expect(knocks).toBe(1);
  });

  test("does not take for guacd what accepts connections and says nothing", async () => {
    const guacd = await startScriptedServer(() => undefined);
    onTestFinished(() => guacd.close());
    const { own, started } = await startOwn({ SALLYPORT_GUACD_ADDRESSES: `127.0.0.1:${guacd.port}` });
    onTestFinished(() => started.close());
    expect(await readiness(own.url)).toMatchObject({ status: 503, body: { missing: ["guacd"] } });
  });

  test("is over as soon as the gateway stops, and is told of until the last request is answered", async () => {
    const { own, started } = await startOwn();
    const { hostname, port } = new URL(started.url);
    const slow = connect(Number(port), hostname);
    await once(slow, "connect");
    const head = ["POST /auth/key HTTP/1.1", `Host: ${hostname}:${port}`, "Content-Type: application/json"];
    slow.write([...head, "Content-Length: 20", "Expect: 100-continue", "", ""].join("\r\n"));
    expect(String(await once(slow, "data"))).toContain("100 Continue");
    const closed = started.close();
    await expect.poll(async () => (await readiness(own.url)).body.missing).toContain("listener");
    slow.destroy();
    await closed;
    await expect(fetch(`${own.url}/livez`)).rejects.toThrow();
  });
});

describe("the two listeners", () => {
  test("have none of each other's routes", async () => {
    for (const path of ["/metrics", "/livez", "/readyz"])
      expect([path, (await send(gateway.url + path)).status]).toEqual([path, 404]);
    const docs = z
      .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse(JSON.parse((await send(`${gateway.url}/api/v1/api-docs`)).text));
    const served = Object.entries(docs.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => [method.toUpperCase(), path] as const),
    );
    expect(served.length).toBeGreaterThan(20);
    expect(served.filter(([, path]) => /metrics|livez|readyz/.test(path))).toEqual([]);
    const headers = { authorization: `Bearer ${gateway.adminKey}` };
    for (const [method, path] of served) {
      const answer = await send(ops.url + path, { method, headers });
      expectProblem(answer, 404, "not_found");
    }
    for (const path of ["/", "/admin/keys", "/favicon.svg", "/api-docs"])
      expectProblem(await send(ops.url + path), 404, "not_found");
    const socket = await openSocket(`${ops.url}/ws/none`, headers);
    if ("socket" in socket) throw new Error("a WebSocket was opened");
    expectProblem(socket, 404, "not_found");
  });

  test("answer wrong verbs alike", async () => {
    for (const path of ["/metrics", "/livez", "/readyz"]) {
      const answer = await send(ops.url + path, { method: "POST" });
      expectProblem(answer, 405, "method_not_allowed");
      expect(answer.headers.allow).toBe("GET, HEAD, OPTIONS");
      expect((await send(ops.url + path, { method: "HEAD" })).status).toBe(200);
    }
  });

  test("refuse names that others point at loopback, and a tunnel's own port is no such name", async () => {
    const ask = (name: string) => send(`${ops.url}/metrics`, { headers: { host: name } });
    for (const name of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:9464"])
      expect([name, (await ask(name)).status]).toEqual([name, 421]);
    for (const name of ["localhost:9464", "127.0.0.1", "[::1]:1"])
      expect([name, (await ask(name)).status]).toEqual([name, 200]);
  });

  test("are one by default: without ops.port nothing of the kind is opened", async () => {
    const plain = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" });
    onTestFinished(() => plain.close());
    expect(plain.logs()).not.toContain("ops listening");
    expect(gateway.logs()).toContain('"ops listening"');
  });

  test("cannot have one port, and the sentence says which one is taken", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-ops-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const port = String(await freePort());
    const run = await runCli(["serve"], {
      cwd: folder,
      env: { SALLYPORT_SERVER_PORT: port, SALLYPORT_OPS_PORT: port, SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" },
    });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`127.0.0.1:${port} is in use by another program`);
  });

  test("are both out of reach for sessions", async () => {
    const { port } = new URL(ops.url);
    const answer = await api.call("POST", "/api/sessions", {
      hostname: "127.0.0.1",
      port: Number(port),
      username: "x",
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "target_not_allowed" });
  });
});
