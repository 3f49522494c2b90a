import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { processesOfSession } from "../../src/core/process-stat.ts";
import { endProcess } from "../support/run-cli.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { signalQuietly } from "../support/signal-quietly.ts";
import { freePort, type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient, typeText } from "../support/tunnel-client.ts";

// One test for each way in which guacd fails a session: what the person is told, how the row ends, and that the next one works.
// What it may say in a session that is live, characters cut in two included, is in hostile-guacd.test.ts.

/** A session that has ended by itself: as the page and the row tell it. */
const expectTold = async (api: SessionApi, id: string, client: TunnelClient, detail: string | RegExp) => {
  expect(await client.closed).toEqual({ code: 1011, reason: "514" });
  const end_detail = typeof detail === "string" ? detail : expect.stringMatching(detail);
  expect(notices(client)).toContainEqual({ kind: "ended", end_reason: "guacd_failed", end_detail });
  await expect.poll(() => api.read(id)).toMatchObject({ status: "ended", end_reason: "guacd_failed", end_detail });
};

describe("a real guacd that the gateway runs", () => {
  let host: SshHost;
  let gateway: TestGateway;
  let api: SessionApi;
  beforeAll(async () => {
    host = await startSshHost({ config: ["MaxStartups 100", "MaxSessions 100"] });
  });
  afterAll(() => host.stop());
  beforeEach(async () => {
    gateway = await startTestGateway();
    api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, targetOf(host));
  });
  afterEach(() => gateway.close());

  const open = async () => {
    const id = await api.create();
    const client = await api.attach(id);
    await client.waitFor(isSync);
    return { id, client };
  };
  const expectTypes = async (client: TunnelClient) => {
    const file = `typed-${Math.random().toString(36).slice(2)}`;
    typeText(client, `echo alive > ${file}\n`);
    const read = () => readFile(join(host.home, file), "utf8").catch(() => "");
    await expect.poll(read, { timeout: 5_000 }).toBe("alive\n");
  };
  /** guacd's own process, and those that serve a session each. */
  const processes = async () => {
    const sweeper = await gateway.guacdSession();
    const main: number[] = [];
    const serving: number[] = [];
    for (const { pid, groupId } of await processesOfSession(sweeper)) {
      const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
      if (name === "guacd\n") (pid === groupId ? serving : main).push(pid);
    }
    return { main: main[0] ?? 0, serving };
  };

  test("killed in mid-session: the page says so within 2 s, the session is ended, guacd is back, and the next session works", async () => {
    const { id, client } = await open();
    const { main } = await processes();
    const killedAtMs = performance.now();
    signalQuietly(main, "SIGKILL");
    await client.closed;
    expect(performance.now() - killedAtMs).toBeLessThan(2_000);
    await expectTold(api, id, client, "The session host closed the connection.");
    const next = await open();
    await expectTypes(next.client);
    expect((await processes()).main).not.toBe(main);
  });

  test("whose process of one session is killed: that session ends within 16 s, its neighbour goes on", async () => {
    const [first, second] = [await open(), await open()];
    const before = (await processes()).serving;
    // Ids grow, and a process that serves a later session has the earlier ones' sockets too.
    const [victim = 0] = before.toSorted((one, other) => one - other);
    const killedAtMs = performance.now();
    signalQuietly(victim, "SIGKILL");
    await first.client.closed;
    expect(performance.now() - killedAtMs).toBeLessThan(16_000);
    await expectTold(api, first.id, first.client, /^The session host (did not answer any more|closed the connection)/);
    await expectTypes(second.client);
    await expectTypes((await open()).client);
  }, 30_000);

  test("that hangs with all its sessions: they end as silent, it is replaced, and the next session works", async () => {
    const { id, client } = await open();
    const { main } = await processes();
    signalQuietly(main, "SIGSTOP");
    await expectTold(api, id, client, "The session host did not answer any more: it said nothing for 15 s.");
    await expect.poll(() => gateway.logs(), { timeout: 30_000 }).toContain('"guacd answers nobody, ended"');
    await expect.poll(async () => (await processes()).main, { timeout: 10_000 }).not.toBe(main);
    await expectTypes((await open()).client);
  }, 60_000);

  test("asked for 30 sessions at once: all of them are live", async () => {
    const sessions = await Promise.all(Array.from({ length: 30 }, open));
    for (const { id } of sessions) await expect.poll(() => api.read(id)).toMatchObject({ status: "active" });
    for (const { client } of sessions) await expectTypes(client);
    expect((await processes()).serving).toHaveLength(30);
  }, 60_000);
});

describe("a guacd that", () => {
  const args = "4.args,13.VERSION_1_5_0,8.hostname,4.port,8.password;";
  const ready = "5.ready,37.$11111111-2222-3333-4444-555555555555;";
  const picture =
    "4.size,1.0,3.640,3.480;4.rect,2.14,1.0,1.0,2.64,2.48;5.cfill,2.14,1.0,2.40,2.80,3.160,3.255;4.sync,1.1;";

  /** What guacd does once a session selects; and once it has been told to connect. */
  interface Script {
    readonly onSelect?: (socket: Socket) => void;
    readonly onConnect?: (socket: Socket) => void;
  }
  const healthy: Script = { onConnect: (socket) => void socket.write(ready + picture) };
  let script: Script;
  let guacd: ScriptedServer;
  let target: ScriptedServer;
  let gateway: TestGateway;
  let api: SessionApi;
  const open = new Set<Socket>();
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  };
  beforeAll(async () => {
    target = await startScriptedServer(keep);
    guacd = await startScriptedServer((socket) => {
      let received = "";
      socket.on("data", (data) => {
        const before = received;
        received += data;
        const isNew = (opcode: string) => received.includes(opcode) && !before.includes(opcode);
        // Only what is a session; the gateway looks at guacd besides.
        if (isNew("6.select,3.vnc;")) {
          keep(socket);
          (script.onSelect ?? (() => socket.write(args)))(socket);
        } else if (isNew("6.select,")) socket.write(args);
        if (isNew("7.connect")) script.onConnect?.(socket);
      });
    });
    gateway = await startGateway(guacd.port);
    api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, fields());
  });
  afterAll(async () => {
    await gateway?.close();
    guacd?.close();
    target?.close();
  });
  const fields = () => ({ session_type: "vnc", hostname: "127.0.0.1", port: target.port, password: "x" });
  const startGateway = (port: number) =>
    startTestGateway({
      SALLYPORT_GUACD_ADDRESSES: `127.0.0.1:${port}`,
      SALLYPORT_GUACD_CONNECT_TIMEOUT_SECONDS: "1",
      SALLYPORT_GUACD_ARGS_TIMEOUT_SECONDS: "1",
      SALLYPORT_GUACD_READY_TIMEOUT_SECONDS: "1",
      SALLYPORT_GUACD_FIRST_SYNC_TIMEOUT_SECONDS: "2",
    });
  const attach = async () => {
    const id = await api.create();
    return { id, client: await api.attach(id) };
  };

  const silent = () => undefined;
  const says = (text: string) => (socket: Socket) => void socket.write(text);
  const noAnswer = "guacd gave no answer within 1 s.";
  const noPicture = "The session host showed no picture within 2 s.";
  const cut = "The session host closed the connection.";
  const endless = "9".repeat(100);
  const faults: [name: string, script: Script, detail: string | RegExp][] = [
    ["hangs before it names its arguments", { onSelect: silent }, noAnswer],
    ["hangs before it takes the session", { onConnect: silent }, noAnswer],
    ["takes the session and says nothing more", { onConnect: says(ready) }, noPicture],
    ["takes the session and draws nothing, but lives", { onConnect: says(`${ready}3.nop;4.sync,1.1;`) }, noPicture],
    [
      "hangs up before it names its arguments",
      { onSelect: (socket) => socket.destroy() },
      "guacd closed the connection.",
    ],
    [
      "hangs up before it takes the session",
      { onConnect: (socket) => socket.destroy() },
      "guacd closed the connection.",
    ],
    ["hangs up before its first picture", { onConnect: (socket) => socket.end(ready) }, cut],
    ["sends garbage for its arguments", { onSelect: says("\x16\x03\x01\x02 hello\r\n") }, /^guacd/],
    ["sends an endless length for its arguments", { onSelect: says(endless) }, /^guacd/],
    ["sends an endless argument", { onSelect: says(`4.args,${"1.a,".repeat(30_000)}`) }, /^guacd/],
  ];

  test.each(faults)(
    "%s: the session ends and says so, nothing of it stays open, the next one is live",
    async (...row) => {
      const [, fault, detail] = row;
      script = fault;
      const { id, client } = await attach();
      await expectTold(api, id, client, detail);
      await expect.poll(() => open.size).toBe(0);

      script = healthy;
      const next = await attach();
      await next.client.waitFor(isSync);
      await expect.poll(() => api.read(next.id)).toMatchObject({ status: "active" });
      next.client.send("disconnect");
      await next.client.closed;
    },
  );

  test("takes no connection because it accepts none: the session ends within its limit, and says where", async () => {
    const { child, port } = await startFullListener();
    onTestFinished(async () => void (await endProcess(child, "SIGKILL")));
    const own = await startGateway(port);
    onTestFinished(() => own.close());
    const there = sessionApi(own, (await own.signIn("poweruser")).cookie, fields());
    const id = await there.create();
    const client = await there.attach(id);
    await expectTold(there, id, client, `guacd at 127.0.0.1:${port}: no answer within 1 s.`);
    await expect.poll(() => open.size).toBe(0);
  });
});

/** A port whose queue of connections is full, of a process that stands still. */
const startFullListener = async (): Promise<{ child: ChildProcess; port: number }> => {
  const port = await freePort();
  const script = `require("net").createServer().listen({ port: ${port}, host: "127.0.0.1", backlog: 1 }, () => console.log("up"))`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(createInterface(child.stdout), "line");
  child.kill("SIGSTOP");
  for (;;) {
    const filling = connect(port, "127.0.0.1").on("error", () => undefined);
    onTestFinished(() => void filling.destroy());
    const connected = await once(filling, "connect", { signal: AbortSignal.timeout(500) }).catch(() => null);
    if (connected === null) return { child, port };
  }
};
