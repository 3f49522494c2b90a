import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer, type Server, Socket } from "node:net";
import { getPriority } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { silentLogger } from "../../src/core/log.ts";
import { findPeerProcess } from "../../src/core/peer-process.ts";
import { processesOfSession } from "../../src/core/process-stat.ts";
import { SessionFailure } from "../../src/core/session-end.ts";
import { GuacdLeg, type LegEnd } from "../../src/guacd/guacd-leg.ts";
import { knockGuacd } from "../../src/guacd/knock-guacd.ts";
import { ManagedGuacd } from "../../src/guacd/managed-guacd.ts";
import type { OpenLegOptions } from "../../src/guacd/open-guacd.ts";
import { startCertificateMaker } from "../support/certificates.ts";
import { startGuacd, type TestGuacd } from "../support/guacd.ts";
import { officialParse } from "../support/official-parser.ts";
import { startRunningGuacd } from "../support/running-guacd.ts";
import { signalQuietly } from "../support/signal-quietly.ts";

let guacd: TestGuacd;
beforeAll(async () => {
  guacd = await startGuacd();
});
afterAll(() => guacd.close());

const closers: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closers.splice(0)) await close();
});

const timeouts = { connectMs: 5000, argsMs: 10_000, readyMs: 5000, silenceMs: 15_000 };

/** Without a user name guacd asks for one in the terminal, so that a session runs without any target. */
const open = async (options: Partial<OpenLegOptions> = {}): Promise<GuacdLeg> => {
  const leg = await GuacdLeg.open({
    address: guacd.address,
    protocol: "ssh",
    args: { hostname: "127.0.0.1", port: "1" },
    display: { width: 640, height: 480, dpi: 96 },
    image: ["image/png"],
    timezone: "Europe/Vienna",
    name: "Zoé 😀",
    timeouts,
    signal: new AbortController().signal,
    log: silentLogger,
    ...options,
  });
  closers.push(() => leg.destroy());
  return leg;
};

/** Starts the leg and gathers what comes. */
const collect = (leg: GuacdLeg) => {
  const ended = Promise.withResolvers<LegEnd>();
  const firstSync = Promise.withResolvers<void>();
  const firstRun = Promise.withResolvers<void>();
  const runs: Buffer[] = [];
  const opcodes: string[] = [];
  leg.start({
    onData: (run) => {
      runs.push(run);
      firstRun.resolve();
    },
    onInstruction: (opcode) => {
      opcodes.push(opcode);
      if (opcode === "sync") firstSync.resolve();
      return "forward";
    },
    onDrain: () => undefined,
    onEnd: ended.resolve,
  });
  return { ended: ended.promise, firstSync: firstSync.promise, firstRun: firstRun.promise, runs, opcodes };
};

/** guacd's processes that serve sessions: all but the sweeper's own and the listening parent. */
const sessionProcesses = async (sessionId: number): Promise<number[]> => {
  const all = await processesOfSession(sessionId);
  // The parent leads no group; each session's process leads its own.
  return all.filter(({ pid, groupId }) => pid === groupId && pid !== sessionId).map(({ pid }) => pid);
};

const listen = async (): Promise<{ server: Server; port: number; sockets: Set<Socket> }> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { server, port: address.port, sockets };
};

describe("the handshake", () => {
  test("agrees on guacd's version when that is older than ours, and reports arguments that guacd does not know", async () => {
    const leg = await open({ args: { hostname: "127.0.0.1", "no-such-option": "1" } });
    expect(leg.version).toMatch(/^VERSION_1_[35]_0$/);
    expect(leg.connectionId).toMatch(/^\$[0-9a-f-]{36}$/);
    expect(leg.argNames).toContain("hostname");
    expect(leg.ignored).toEqual(["no-such-option"]);
  });

  test("puts each argument where guacd asked for it", async () => {
    const { port, server } = await listen();
    const reached = once(server, "connection");
    await open({ args: { port: String(port), username: "u", password: "p", hostname: "127.0.0.1" } });
    await reached;
  });

  test("the session draws, and whole instructions come out", async () => {
    const { firstSync, firstRun, runs } = collect(await open());
    await Promise.all([firstSync, firstRun]);
    expect(runs.flatMap((run) => officialParse(run.toString("utf8"))).length).toBeGreaterThan(3);
  });

  test("an unknown protocol fails as guacd_failed after the time limit and one more try", async () => {
    const failed = open({ protocol: "nosuch", timeouts: { ...timeouts, argsMs: 300 } });
    await expect(failed).rejects.toSatisfy(
      (error) => error instanceof SessionFailure && error.end.reason === "guacd_failed" && error.end.status === 514,
    );
  });

  test.each([
    ["a path for a protocol", { protocol: "../evil" }],
    ["a size of zero", { display: { width: 640, height: 480, dpi: 0 } }],
  ])("%s never reaches guacd", async (_, options) => {
    await expect(open(options)).rejects.toThrow(RangeError);
  });

  test("joining a session that is not there fails", async () => {
    const { protocol: _, ...rest } = { protocol: "ssh" };
    const failed = open({ ...rest, protocol: "$00000000-0000-0000-0000-000000000000" });
    await expect(failed).rejects.toThrow(SessionFailure);
  });

  test("an abort ends it at once", async () => {
    const abort = new AbortController();
    const { port, server } = await listen();
    server.on("connection", (socket) => socket.once("data", () => abort.abort(new Error("stop"))));
    const failed = open({ address: { host: "127.0.0.1", port, tls: null }, signal: abort.signal });
    await expect(failed).rejects.toThrow("stop");
  });

  test("a refused port fails as guacd_failed", async () => {
    const failed = open({ address: { host: "127.0.0.1", port: 1, tls: null } });
    await expect(failed).rejects.toMatchObject({ end: { reason: "guacd_failed", status: 514 } });
  });

  test("switches Nagle off before anything is sent", async () => {
    const order: string[] = [];
    const { write } = Socket.prototype;
    vi.spyOn(Socket.prototype, "setNoDelay").mockImplementation(function (this: Socket, on) {
      order.push(`noDelay ${on}`);
      return this;
    });
    vi.spyOn(Socket.prototype, "write").mockImplementation(function (this: Socket, ...args: unknown[]) {
      order.push("write");
      return Reflect.apply(write, this, args);
    });
    await open();
    expect(order.slice(0, 2)).toEqual(["noDelay true", "write"]);
  });
});

describe("TLS", () => {
  test("reaches a guacd that speaks TLS when its certificate is signed by the given authority, and only then", async () => {
    const maker = await startCertificateMaker();
    closers.push(() => maker.remove());
    const secure = await startRunningGuacd(await maker.signed(["DNS:localhost"]));
    closers.push(() => secure.stop());
    const port = Number(secure.address.split(":").at(-1));
    const leg = await open({ address: { host: "localhost", port, tls: { ca: maker.authority.pem } } });
    await collect(leg).firstSync;
    const untrusted = open({ address: { host: "localhost", port, tls: { ca: null } } });
    await expect(untrusted).rejects.toMatchObject({ end: { reason: "guacd_failed" } });
  }, 15_000);
});

describe("a knock", () => {
  const { signal } = new AbortController();

  test("is answered by guacd, which starts no process for it", async () => {
    const before = await sessionProcesses(guacd.lease.processId ?? 0);
    await knockGuacd(guacd.address, 5000, signal);
    expect(await sessionProcesses(guacd.lease.processId ?? 0)).toEqual(before);
  });

  test("is answered by a guacd from 1.4 on, which refuses instead of hanging up", async () => {
    const { port, server } = await listen();
    server.on("connection", (socket) =>
      socket.once("data", () => socket.write("5.error,19.No such connection.,3.516;")),
    );
    await knockGuacd({ host: "127.0.0.1", port, tls: null }, 5000, signal);
  });

  test("at what takes connections and says nothing fails at its limit, and leaves no connection", async () => {
    const { port, server } = await listen();
    const gone = once(server, "connection").then(([socket]) => once(socket.resume(), "close"));
    const knock = knockGuacd({ host: "127.0.0.1", port, tls: null }, 300, signal);
    await expect(knock).rejects.toThrow("guacd gave no answer within 0.3 s");
    await gone;
  });

  test("ends with the reason of its abort", async () => {
    const { port, server } = await listen();
    const abort = new AbortController();
    server.on("connection", () => abort.abort(new Error("stop")));
    await expect(knockGuacd({ host: "127.0.0.1", port, tls: null }, 5000, abort.signal)).rejects.toThrow("stop");
  });
});

describe("a running leg", () => {
  test("a joiner gets the picture of the running session", async () => {
    const owner = await open();
    await collect(owner).firstSync;
    const joiner = await open({ protocol: owner.connectionId });
    expect(joiner.connectionId).toBe(owner.connectionId);
    await collect(joiner).firstSync;
  });

  test("close ends the session's process, and the owner hears nothing more", async () => {
    const before = await sessionProcesses(guacd.lease.processId ?? 0);
    const leg = await open();
    const { firstSync, ended } = collect(leg);
    await firstSync;
    const mine = (await sessionProcesses(guacd.lease.processId ?? 0)).filter((pid) => !before.includes(pid));
    expect(mine).toHaveLength(1);
    const startMs = performance.now();
    await leg.close();
    expect(performance.now() - startMs).toBeLessThan(3_000);
    const left = () => sessionProcesses(guacd.lease.processId ?? 0);
    await expect.poll(left, { timeout: 4000 }).not.toContain(mine[0]);
    await leg.released;
    expect(await Promise.race([ended, "nothing"])).toBe("nothing");
  });

  test("an unreachable target ends it with guacd's status", async () => {
    const leg = await open({ args: { hostname: "127.0.0.1", port: "1", username: "u", password: "p" } });
    expect(await collect(leg).ended).toMatchObject({
      kind: "error",
      status: expect.toSatisfy((n) => [515, 519].includes(n)),
    });
  });

  test("what an instruction handler drops does not come through, its blobs included", async () => {
    const leg = await open();
    const runs: Buffer[] = [];
    const synced = Promise.withResolvers<void>();
    const drawn = Promise.withResolvers<void>();
    leg.start({
      onData: (run) => {
        runs.push(run);
        drawn.resolve();
      },
      onInstruction: (opcode) => {
        if (opcode === "sync") synced.resolve();
        return opcode === "argv" ? "drop" : "forward";
      },
      onDrain: () => undefined,
      onEnd: () => undefined,
    });
    await Promise.all([synced.promise, drawn.promise]);
    const instructions = runs.flatMap((run) => officialParse(run.toString("utf8")));
    const opened = new Set<string | undefined>();
    for (const [opcode, stream] of instructions) {
      expect(opcode).not.toBe("argv");
      if (opcode === "img") opened.add(stream);
      if (opcode === "blob" || opcode === "end") expect(opened).toContain(stream);
    }
  });

  test("a session in which nothing happens is not taken for silent, and lives for longer than guacd's 15 s", async () => {
    const { port } = await listen();
    // guacd sends nothing but a nop now and then, as 1.6 does for any desktop that stands still; 11 s is the least that may be set.
    const leg = await open({
      args: { hostname: "127.0.0.1", port: String(port), username: "u", password: "p" },
      timeouts: { ...timeouts, silenceMs: 11_000 },
    });
    const { ended } = collect(leg);
    expect(await Promise.race([ended, sleep(22_000, "alive")])).toBe("alive");
  }, 30_000);

  test("a guacd that says nothing more ends it as silent, but not while it is paused", async () => {
    const { port, sockets, server } = await listen();
    server.on("connection", (socket) => {
      socket.on("data", (data) => {
        if (data.includes("6.select")) socket.write("4.args,13.VERSION_1_3_0,8.hostname;");
        if (data.includes("7.connect")) socket.write("5.ready,37.$00000000-0000-0000-0000-000000000000;");
      });
    });
    const leg = await open({
      address: { host: "127.0.0.1", port, tls: null },
      timeouts: { ...timeouts, silenceMs: 300 },
    });
    const { ended } = collect(leg);
    leg.pause();
    expect(await Promise.race([ended, sleep(800, "alive")])).toBe("alive");
    leg.resume();
    expect(await ended).toEqual({ kind: "silent", seconds: 0.3 });
    expect(sockets.size).toBe(1);
  });

  test("bytes that are no Guacamole end it as lost", async () => {
    const { port, server } = await listen();
    server.on("connection", (socket) => {
      socket.on("data", (data) => {
        if (data.includes("6.select")) socket.write("4.args,13.VERSION_1_3_0;");
        if (data.includes("7.connect")) socket.write("5.ready,37.$00000000-0000-0000-0000-000000000000;+3.nop;");
      });
    });
    const { ended } = collect(await open({ address: { host: "127.0.0.1", port, tls: null } }));
    expect(await ended).toEqual({ kind: "lost" });
  });
});

describe("the managed guacd", () => {
  test("runs as another user than root, without new privileges, below the gateway, in a home that it can write", async () => {
    const all = await processesOfSession(guacd.lease.processId ?? 0);
    const statuses = await Promise.all(all.map(({ pid }) => readFile(`/proc/${pid}/status`, "utf8")));
    const own = statuses.find((status) => status.startsWith("Name:\tguacd"));
    expect(own).toMatch(/NoNewPrivs:\t1/);
    const uid = Number(/^Uid:\t(\d+)/m.exec(own ?? "")?.[1]);
    if (process.getuid?.() === 0) expect(uid).not.toBe(0);
    const pid = all[statuses.indexOf(own ?? "")]?.pid;
    const environment = (await readFile(`/proc/${pid}/environ`, "utf8")).split("\0");
    const home = environment.find((entry) => entry.startsWith("HOME="))?.slice(5) ?? "";
    expect((await stat(home)).uid).toBe(uid);
    expect(getPriority(pid)).toBeGreaterThan(getPriority());
    expect(
      environment
        .filter(Boolean)
        .map((entry) => entry.split("=")[0])
        .sort(),
    ).toEqual(expect.arrayContaining(["HOME", "LANG", "PATH"]));
  });

  test("the process behind a connection of guacd is known to be its own", async () => {
    const { port, server } = await listen();
    const accepted = once(server, "connection");
    await open({ args: { hostname: "127.0.0.1", port: String(port), username: "u", password: "p" } });
    const [socket]: Socket[] = await accepted;
    const sessionId = guacd.lease.processId ?? 0;
    const pid = await findPeerProcess({
      serverPort: port,
      peerPort: socket?.remotePort ?? 0,
      peerAddress: socket?.remoteAddress,
      sessionId,
    });
    expect(pid).not.toBeNull();
    expect(await guacd.lease.isDescendant(pid ?? 0)).toBe(true);
    expect(await guacd.lease.isDescendant(process.pid)).toBe(false);
  });

  test("comes back on a new port after it died, and its sessions hear of it", async () => {
    const own = await startGuacd();
    closers.push(() => own.close());
    const { ended } = collect(await open({ address: own.address }));
    for (const { pid } of await processesOfSession(own.lease.processId ?? 0)) {
      if (pid !== own.lease.processId) signalQuietly(pid, "SIGKILL");
    }
    expect(await ended).toEqual({ kind: "lost" });
    const running = async () => (await own.source.lease(AbortSignal.timeout(5000))).processId;
    await expect.poll(running, { timeout: 5000 }).not.toBe(own.lease.processId);
    const again = await own.source.lease(AbortSignal.timeout(5000));
    await open({ address: again.address });
  }, 15_000);

  test("a session's process that does not end with its session is killed", async () => {
    const own = await startGuacd();
    closers.push(() => own.close());
    const leg = await own.lease.start((address) => open({ address }), new AbortController().signal);
    const [pid = 0] = await sessionProcesses(own.lease.processId ?? 0);
    // As frozen as guacd's own faults leave it: it reads nothing and hears no polite signal.
    process.kill(pid, "SIGSTOP");
    await leg.close();
    await expect.poll(() => sessionProcesses(own.lease.processId ?? 0), { timeout: 7000 }).toEqual([]);
  }, 15_000);

  test("a guacd that cannot run fails its sessions as guacd_failed, and closes all the same", async () => {
    const source = new ManagedGuacd({ path: "/nonexistent/guacd", log: silentLogger });
    const leased = source.lease(new AbortController().signal);
    await Promise.all([expect(leased).rejects.toMatchObject({ end: { reason: "guacd_failed" } }), source.close()]);
  });

  test("leaves no process and no folder behind when it is closed", async () => {
    const own = await startGuacd();
    const sessionId = own.lease.processId ?? 0;
    await open({ address: own.address });
    await own.close();
    expect(await processesOfSession(sessionId)).toEqual([]);
  });

  test("25 sessions are gone within 5 s of a SIGKILL of the gateway", async () => {
    const gateway = spawn(process.execPath, [new URL("../support/guacd-gateway.ts", import.meta.url).pathname, "25"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    closers.push(() => gateway.kill("SIGKILL"));
    const { sessionId, home } = await firstLine(gateway);
    expect(await sessionProcesses(sessionId)).toHaveLength(25);
    gateway.kill("SIGKILL");
    await expect.poll(() => processesOfSession(sessionId), { timeout: 5000, interval: 20 }).toEqual([]);
    expect(existsSync(home)).toBe(false);
  }, 40_000);
});

const firstLine = async (child: ChildProcess): Promise<{ sessionId: number; home: string }> => {
  if (!child.stdout) throw new Error("no output");
  const [line]: string[] = await once(createInterface(child.stdout), "line");
  return JSON.parse(line ?? "");
};
