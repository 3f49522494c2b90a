import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openEvents } from "../support/event-client.ts";
import { expectProblem, send, sendRaw } from "../support/http.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

// What a stranger can hold open, and for how long. Limits are a second or two here; Node looks at them every second.

const limitSeconds = 2;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_SERVER_HEADERS_TIMEOUT_SECONDS: String(limitSeconds),
    SALLYPORT_SERVER_BODY_TIMEOUT_SECONDS: String(limitSeconds),
    SALLYPORT_SERVER_SLOW_READER_SECONDS: String(limitSeconds),
    SALLYPORT_SERVER_KEEP_ALIVE_SECONDS: "1",
  });
});
afterAll(() => gateway.close());

const open: { destroy(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.destroy();
});

/** A connection that says what the test says. */
const dial = async (to: TestGateway = gateway): Promise<Socket> => {
  const { hostname, port } = new URL(to.url);
  const socket = connect({ host: hostname, port: Number(port) });
  open.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
};
/** Writes a byte of `bytes` every 100 ms until the other side has had enough. */
const drip = (socket: Socket, bytes: string): void => {
  let at = 0;
  const timer = setInterval(() => socket.write(bytes[at++ % bytes.length] ?? ""), 100);
  socket.once("close", () => clearInterval(timer));
};
const host = () => new URL(gateway.url).host;
const isHealthy = async (of: TestGateway = gateway) => (await send(`${of.url}/api/health`)).status === 200;
const secondsSince = (startMs: number) => (performance.now() - startMs) / 1000;

describe("a request that does not arrive", () => {
  test("200 connections that never speak are closed when their headers are due, and others are answered meanwhile", async () => {
    const startMs = performance.now();
    const silent = await Promise.all(Array.from({ length: 200 }, () => dial()));
    const closings = Promise.all(silent.map(text));
    let closed = 0;
    for (const socket of silent) socket.once("close", () => closed++);
    let answeredMeanwhile = 0;
    while (closed === 0) if (await isHealthy()) answeredMeanwhile++;
    expect(answeredMeanwhile).toBeGreaterThan(10);
    expect(secondsSince(startMs)).toBeGreaterThan(limitSeconds - 0.5);
    for (const answer of await closings) {
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain("The request did not arrive in time: headers have 2 s, a body 2 s.");
    }
    expect(await isHealthy()).toBe(true);
  });

  test("headers that come a byte at a time are cut off when they are due", async () => {
    const socket = await dial();
    const answer = text(socket);
    socket.write(`GET /api/health HTTP/1.1\r\nHost: ${host()}\r\nX: `);
    drip(socket, "x");
    expect(await answer).toContain("The request did not arrive in time");
  });

  test("a body that comes a byte at a time is refused when it is due, before anybody has signed in", async () => {
    const socket = await dial();
    const answer = text(socket);
    const head = `POST /auth/key HTTP/1.1\r\nHost: ${host()}\r\nContent-Type: application/json\r\n`;
    const startMs = performance.now();
    socket.write(`${head}Content-Length: 1000\r\n\r\n{"key":"`);
    drip(socket, "x");
    expect(await answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*"detail":"body: did not arrive within 2 s"/);
    expect(secondsSince(startMs)).toBeGreaterThan(limitSeconds - 0.5);
  });

  test("a body that nobody waits for, because its sender is not known, holds its connection no longer", async () => {
    const socket = await dial();
    const answer = text(socket);
    socket.write(`POST /api/sessions HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 1000\r\n\r\n`);
    drip(socket, "x");
    expect(await answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  test("a connection without a next request is closed after the keep-alive time", async () => {
    const socket = await dial();
    const answers = text(socket);
    socket.write(`GET /api/health HTTP/1.1\r\nHost: ${host()}\r\n\r\n`);
    expect(await answers).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("a caller that takes nothing of its answers", () => {
  const requests = (count: number) => `GET ${largest} HTTP/1.1\r\nHost: ${host()}\r\n\r\n`.repeat(count);
  let largest: string;
  beforeAll(async () => {
    const files = await readdir(new URL("../../public/assets", import.meta.url));
    largest = `/assets/${files.find((name) => /^apiDocs-.*\.js$/.test(name))}`;
  });
  const reader = async () => {
    const socket = await dial();
    return socket.pause();
  };

  test("is cut, and one whose answer is long in the making is not", async () => {
    const events = await openEvents(gateway.url, { authorization: `Bearer ${gateway.adminKey}` });
    open.push({ destroy: events.close });
    const socket = await reader();
    socket.write(requests(10));
    expect(await isAnsweredTo(socket)).toBe(true);
    await expect.poll(() => isAnsweredTo(socket), { timeout: 15_000 }).toBe(false);
    const over = events.ended.then(
      () => "ended",
      () => "cut",
    );
    expect(await Promise.race([over, "open"])).toBe("open");
  });

  test("has one answer at a time in the making, however many requests it sends at once", async () => {
    const answered = () => gateway.logs().split(largest).length;
    const before = answered();
    const socket = await reader();
    socket.write(requests(10));
    await expect.poll(answered).toBeGreaterThan(before);
    await isHealthy();
    // The kernel takes some megabytes, so a few are through, and the next one waits for the reader.
    const stuck = answered() - before;
    expect(stuck).toBeLessThan(8);
    expect(await text(socket.resume())).toMatch(/^HTTP\/1\.1 200 /);
    expect(answered() - before).toBe(10);
  });

  test("is cut at once when it sends hundreds", async () => {
    const socket = await reader();
    socket.write(requests(500));
    await expect.poll(() => isAnsweredTo(socket), { timeout: 1_000 }).toBe(false);
  });
});

/** Whether the gateway's side of a connection is open, as the kernel has it; the other side may not have heard. */
const isAnsweredTo = async ({ localPort = 0, remotePort = 0 }: Socket): Promise<boolean> => {
  const hex = (port: number) => `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return (await readFile("/proc/self/net/tcp", "latin1")).includes(` ${hex(remotePort)} ${hex(localPort)} 01 `);
};

describe("connections of one address on which nobody is known", () => {
  let few: TestGateway;
  let proxied: TestGateway;
  const most = 5;
  beforeAll(async () => {
    const limits = {
      SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
      SALLYPORT_SERVER_MAX_CONNECTIONS_PER_ADDRESS: String(most),
    };
    few = await startTestGateway(limits);
    proxied = await startTestGateway({ ...limits, SALLYPORT_SERVER_TRUSTED_PROXIES: "127.0.0.1" });
  });
  afterAll(async () => {
    await few.close();
    await proxied.close();
  });
  const silent = (to: TestGateway, count: number) => Promise.all(Array.from({ length: count }, () => dial(to)));

  test("one more than the limit is closed at once, and there is room again when one has gone", async () => {
    const [first, ...others] = await silent(few, most);
    const more = await dial(few);
    expect(await text(more)).toBe("");
    first?.destroy();
    await expect.poll(() => isHealthy(few).catch(() => false)).toBe(true);
    expect(others.every(({ destroyed }) => !destroyed)).toBe(true);
  });

  test("one on which somebody is known does not count, and goes on beside as many strangers as there may be", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    open.push(agent);
    const ask = async () => {
      const sent = request(`${few.url}/api/me`, { agent, headers: { authorization: `Bearer ${few.adminKey}` } });
      sent.end();
      const [answer] = await once(sent, "response");
      await text(answer);
      return { status: answer.statusCode, port: sent.socket?.localPort };
    };
    await expect.poll(() => ask().catch(() => undefined)).toMatchObject({ status: 200 });
    const before = await ask();
    const strangers = await silent(few, most);
    expect(await text(await dial(few))).toBe("");
    expect(await ask()).toEqual(before);
    expect(strangers.every(({ destroyed }) => !destroyed)).toBe(true);
  });

  test("those of a trusted proxy are not counted, since they are everybody's", async () => {
    const all = await silent(proxied, 3 * most);
    expect(await isHealthy(proxied)).toBe(true);
    expect(all.every(({ destroyed }) => !destroyed)).toBe(true);
  });
});

test("the limits of the body hold for callers who are known as well", async () => {
  const head = `POST /api/sessions HTTP/1.1\r\nHost: ${host()}\r\nAuthorization: Bearer ${gateway.adminKey}\r\n`;
  const answer = await sendRaw(gateway.url, `${head}Content-Length: 10\r\n\r\n{`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*did not arrive within 2 s/);
  const whole = await send(`${gateway.url}/auth/key`, { method: "POST", body: { key: "wrong" } });
  expectProblem(whole, 401, "unauthenticated");
});
