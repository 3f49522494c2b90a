import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import type { Endpoint, Road } from "../../src/core/endpoint.ts";
import { silentLogger } from "../../src/core/log.ts";
import { SessionFailure } from "../../src/core/session-end.ts";
import { type Forward, openForward } from "../../src/roads/forward.ts";
import { RfbWatch } from "../../src/roads/rfb-watch.ts";
import { loopbackRoad } from "../support/open-test-client.ts";
import { portOf } from "../support/port-of.ts";
import { guardForMe, tryFromAnotherProcess } from "../support/relay-visitor.ts";

interface Target extends Endpoint {
  /** Every connection it got, in order. */
  readonly connections: Socket[];
  /** The next connection that comes, or one that came already. */
  connection(index: number): Promise<Socket>;
  stop(): Promise<void>;
}

const servers: Server[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) server.close();
});

const startTarget = async (serve: (socket: Socket) => void = () => undefined): Promise<Target> => {
  const connections: Socket[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    onTestFinished(() => void socket.destroy());
    connections.push(socket);
    serve(socket);
    server.emit("served");
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  const port = await portOf(server);
  return {
    host: "127.0.0.1",
    port,
    connections,
    connection: async (index) => {
      for (;;) {
        const found = connections[index];
        if (found) return found;
        await once(server, "served");
      }
    },
    stop: async () => {
      server.close();
      for (const socket of connections) socket.destroy();
      await once(server, "close");
    },
  };
};

const open = async (target: Endpoint, options: { road?: Road; isRfb?: boolean } = {}): Promise<Forward> => {
  const forward = await openForward({
    road: options.road ?? loopbackRoad,
    target,
    guard: await guardForMe(),
    signal: new AbortController().signal,
    watch: options.isRfb ? () => new RfbWatch() : undefined,
    log: silentLogger,
  });
  onTestFinished(() => forward.close());
  return forward;
};

/** Comes through the forward as guacd does. */
const visit = async ({ endpoint }: Forward): Promise<Socket> => {
  const socket = connect({ ...endpoint, allowHalfOpen: true, noDelay: true });
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
};

/** All that comes until the other side has no more; unlike the consumers of streams it leaves the socket as it is. */
const allOf = async (socket: Socket): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => void chunks.push(chunk));
  if (!socket.readableEnded) await once(socket, "end");
  return Buffer.concat(chunks);
};

const until = (socket: Socket, wanted: string): Promise<void> =>
  new Promise((resolve) => {
    let seen = "";
    const read = (chunk: Buffer) => {
      seen += chunk.toString("latin1");
      if (!seen.includes(wanted)) return;
      socket.off("data", read);
      resolve();
    };
    socket.on("data", read);
  });

test("a target that cannot be had fails before there is any port", async () => {
  const target = await startTarget();
  await target.stop();
  await expect(open(target)).rejects.toMatchObject({ end: { reason: "target_unreachable" } });
});

test("the first visitor takes the stream that is open already, the next one has a stream of its own", async () => {
  const target = await startTarget((socket) => void socket.write(`hello ${target.connections.length}\n`));
  const forward = await open(target);
  await target.connection(0);
  expect(target.connections).toHaveLength(1);
  const first = await visit(forward);
  await until(first, "hello 1\n");
  expect(target.connections).toHaveLength(1);
  const second = await visit(forward);
  await until(second, "hello 2\n");
  expect(target.connections).toHaveLength(2);
  first.write("from the first");
  second.write("from the second");
  await until(await target.connection(0), "from the first");
  await until(await target.connection(1), "from the second");
  expect(forward.cause()).toBeNull();
});

test("a target that let go of the first stream before guacd came is dialled anew", async () => {
  const target = await startTarget((socket) => {
    if (target.connections.length === 1) socket.end();
    else socket.write("here I am");
  });
  const streams: string[] = [];
  const road: Road = {
    connect: async (to, signal) => {
      const stream = await loopbackRoad.connect(to, signal);
      stream.once("close", () => streams.push("closed"));
      return stream;
    },
  };
  const forward = await open(target, { road });
  await vi.waitFor(() => expect(streams).toEqual(["closed"]));
  await until(await visit(forward), "here I am");
});

test("another process is cut and never reaches the target; it does not use the forward up", async () => {
  const target = await startTarget((socket) => void socket.write("secret screen"));
  const forward = await open(target);
  expect(await tryFromAnotherProcess(forward.endpoint.port)).toBe("cut");
  expect(target.connections).toHaveLength(1);
  await until(await visit(forward), "secret screen");
  expect(await tryFromAnotherProcess(forward.endpoint.port)).toBe("cut");
  expect(target.connections).toHaveLength(1);
});

test("closing cuts every connection on both sides at once and refuses new ones", async () => {
  const target = await startTarget((socket) => void socket.write("x"));
  const forward = await open(target);
  const visitors = [await visit(forward), await visit(forward)];
  for (const visitor of visitors) await until(visitor, "x");
  const ends = [...visitors, ...target.connections].map((socket) => once(socket.resume(), "end"));
  const closedAtMs = performance.now();
  forward.close();
  await Promise.all(ends);
  expect(performance.now() - closedAtMs).toBeLessThan(500);
  expect(await tryFromAnotherProcess(forward.endpoint.port)).toBe("refused");
});

test("a stream that comes when the forward is closed already does not stay", async () => {
  const target = await startTarget((socket) => void socket.write("x"));
  let dials = 0;
  const late = Promise.withResolvers<void>();
  const road: Road = {
    connect: async (to, signal) => {
      const stream = await loopbackRoad.connect(to, new AbortController().signal);
      if (dials++ > 0) {
        signal.addEventListener("abort", () => late.resolve());
        await late.promise;
      }
      return stream;
    },
  };
  const forward = await open(target, { road });
  await until(await visit(forward), "x");
  await visit(forward);
  const socket = await target.connection(1);
  await vi.waitFor(() => expect(dials).toBe(2));
  const ended = once(socket.resume(), "end");
  forward.close();
  await ended;
});

test("closing stops a dial that is under way", async () => {
  const target = await startTarget((socket) => void socket.write("x"));
  let dials = 0;
  const dialling = Promise.withResolvers<AbortSignal>();
  const road: Road = {
    connect: (to, signal) => {
      if (dials++ === 0) return loopbackRoad.connect(to, signal);
      dialling.resolve(signal);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  };
  const forward = await open(target, { road });
  await until(await visit(forward), "x");
  const late = await visit(forward);
  const signal = await dialling.promise;
  forward.close();
  expect(signal.aborted).toBe(true);
  await once(late.resume(), "end");
});

test("nothing stays open after a hundred forwards were used and closed", async () => {
  const target = await startTarget((socket) => void socket.write("x"));
  const round = async () => {
    const forward = await open(target);
    const visitor = await visit(forward);
    await until(visitor, "x");
    const closed = once(visitor.resume(), "end");
    forward.close();
    await closed;
    visitor.destroy();
    for (const socket of target.connections.splice(0)) socket.destroy();
  };
  await round();
  const before = openSockets();
  for (let count = 0; count < 100; count++) await round();
  await vi.waitFor(() => expect(openSockets()).toBeLessThanOrEqual(before));
});

const openSockets = (): number =>
  readdirSync("/proc/self/fd").filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).startsWith("socket:");
    } catch {
      return false;
    }
  }).length;

test("megabytes arrive whole in both directions", async () => {
  const bytes = Buffer.from(Uint8Array.from({ length: 8 << 20 }, (_, index) => (index * 7 + (index >> 11)) & 255));
  const target = await startTarget((socket) => void socket.end(bytes));
  const visitor = await visit(await open(target));
  visitor.end(bytes);
  const [down, up] = await Promise.all([allOf(visitor), allOf(await target.connection(0))]);
  expect([down.length, up.length]).toEqual([bytes.length, bytes.length]);
  expect(down.equals(bytes) && up.equals(bytes)).toBe(true);
});

test("a guacd that does not read holds the target back instead of filling the gateway's memory", async () => {
  const total = 64 << 20;
  const target = await startTarget((socket) => void socket.write(Buffer.alloc(total)));
  const visitor = await visit(await open(target));
  visitor.pause();
  const socket = await target.connection(0);
  // The target is held back when the kernel has taken no more of it for a while.
  let taken = -1;
  await vi.waitFor(
    () => {
      const before = taken;
      taken = socket.bytesWritten - socket.writableLength;
      expect(taken).toBe(before);
    },
    { timeout: 10_000, interval: 300 },
  );
  expect(socket.writableLength).toBeGreaterThan(total / 2);
  let received = 0;
  visitor.on("data", (chunk: Buffer) => {
    received += chunk.length;
  });
  visitor.resume();
  await vi.waitFor(() => expect(received).toBe(total), { timeout: 10_000 });
});

test("a side that has said its last word still hears the other's", async () => {
  const target = await startTarget();
  const visitor = await visit(await open(target));
  const socket = await target.connection(0);
  visitor.end("my last word");
  expect((await allOf(socket)).toString()).toBe("my last word");
  socket.write("yours ");
  socket.end("too");
  expect((await allOf(visitor)).toString()).toBe("yours too");
  await vi.waitFor(() => expect(socket.closed).toBe(true));
});

test("what a target says last arrives before its end", async () => {
  const target = await startTarget((socket) => void socket.end("good-bye"));
  expect((await allOf(await visit(await open(target)))).toString()).toBe("good-bye");
});

test("a target that resets cuts guacd, and a guacd that resets lets the target go", async () => {
  const target = await startTarget((socket) => void socket.write("x"));
  const forward = await open(target);
  const first = await visit(forward);
  await until(first, "x");
  const cut = once(first.resume(), "end");
  (await target.connection(0)).resetAndDestroy();
  await cut;
  const second = await visit(forward);
  await until(second, "x");
  const left = once((await target.connection(1)).resume(), "end");
  second.resetAndDestroy();
  await left;
});

test("keys wait for nothing: Nagle's algorithm is off on every socket", async () => {
  const target = await startTarget();
  const noDelay = vi.spyOn(await socketPrototype(), "setNoDelay");
  const forward = await open(target);
  await visit(forward);
  await vi.waitFor(() => expect(noDelay.mock.calls.filter(([on]) => on === true).length).toBeGreaterThanOrEqual(2));
});

const socketPrototype = async (): Promise<Socket> => (await import("node:net")).Socket.prototype;

test("more connections than any guacd needs are refused", async () => {
  const target = await startTarget((socket) => void socket.write("x"));
  const forward = await open(target);
  for (let count = 0; count < 8; count++) await until(await visit(forward), "x");
  const ninth = await visit(forward);
  await once(ninth.resume(), "end");
  expect(target.connections).toHaveLength(8);
});

test("a visitor that leaves while the target is being dialled stops the dial", async () => {
  const target = await startTarget((socket) => void socket.write("x"));
  let dials = 0;
  const gone = Promise.withResolvers<void>();
  const road: Road = {
    connect: (to, signal) =>
      dials++ === 0
        ? loopbackRoad.connect(to, signal)
        : new Promise((_, reject) =>
            signal.addEventListener("abort", () => {
              gone.resolve();
              reject(signal.reason);
            }),
          ),
  };
  const forward = await open(target, { road });
  await until(await visit(forward), "x");
  const second = await visit(forward);
  await vi.waitFor(() => expect(dials).toBe(2));
  second.destroy();
  await gone.promise;
  expect(forward.cause()).toBeNull();
});

test("a dial that fails later is the cause, until one succeeds", async () => {
  const target = await startTarget((socket) => void socket.write("x"));
  const failure = new SessionFailure("target_unreachable", "It is off now.");
  let isOff = false;
  const road: Road = {
    connect: (to, signal) => (isOff ? Promise.reject(failure) : loopbackRoad.connect(to, signal)),
  };
  const forward = await open(target, { road });
  await until(await visit(forward), "x");
  isOff = true;
  await once((await visit(forward)).resume(), "end");
  expect(forward.cause()).toBe(failure);
  isOff = false;
  await until(await visit(forward), "x");
  expect(forward.cause()).toBeNull();
});

test("a target that hangs up without a word is told as such, and not one that guacd left first", async () => {
  const target = await startTarget((socket) => void socket.once("data", () => socket.destroy()));
  const forward = await open(target);
  const left = await visit(forward);
  left.end();
  const socket = await target.connection(0);
  await once(socket, "end");
  socket.destroy();
  await once(left.resume(), "end");
  expect(forward.cause()).toBeNull();
  const second = await visit(forward);
  second.write("hello?");
  await once(second.resume(), "end");
  expect(forward.cause()?.end).toEqual({
    reason: "target_unreachable",
    detail: `127.0.0.1 closed the connection on port ${target.port} without a word.`,
  });
});

test("a target that takes the connection and stays silent is told as such after a while", async () => {
  const target = await startTarget();
  const forward = await open(target);
  (await visit(forward)).write("hello?");
  await until(await target.connection(0), "hello?");
  expect(forward.cause()).toBeNull();
  const now = performance.now();
  vi.spyOn(performance, "now").mockReturnValue(now + 30_000);
  expect(forward.cause()?.end).toEqual({
    reason: "target_unreachable",
    detail: `127.0.0.1 takes connections on port ${target.port} but has said nothing for 30 s.`,
  });
});

test("a refused VNC password is the cause; the next connection begins anew", async () => {
  const target = await startTarget((socket) => {
    const isRight = target.connections.length > 1;
    socket.write("RFB 003.008\n");
    socket.once("data", () => {
      socket.write(Buffer.from([1, 2]));
      socket.once("data", () => {
        socket.write(Buffer.alloc(16));
        socket.once("data", () => {
          if (isRight) socket.write(Buffer.from([0, 0, 0, 0]));
          else socket.end(Buffer.from([0, 0, 0, 1, 0, 0, 0, 2, 110, 111]));
        });
      });
    });
  });
  const forward = await open(target, { isRfb: true });
  const signIn = async () => {
    const visitor = await visit(forward);
    await until(visitor, "RFB 003.008\n");
    visitor.write("RFB 003.008\n");
    await until(visitor, "\u0001\u0002");
    visitor.write(Buffer.from([2]));
    await until(visitor, "\0".repeat(16));
    visitor.write(Buffer.alloc(16));
    await until(visitor, "\0\0\0");
  };
  await signIn();
  await vi.waitFor(() =>
    expect(forward.cause()?.end).toEqual({
      reason: "auth_failed",
      detail: '127.0.0.1 refused the sign-in and says: "no"',
    }),
  );
  await signIn();
  await vi.waitFor(() => expect(forward.cause()).toBeNull());
});
