import { createServer, type Server } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeInstruction } from "../../src/guacd/instruction.ts";
import { upOpcodes } from "../../src/tunnel/up-opcodes.ts";
import { type FakeGuacd, startFakeGuacd } from "../support/fake-guacd.ts";
import { portOf } from "../support/port-of.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import type { TunnelClient } from "../support/tunnel-client.ts";

// A browser that sends whatever it likes. What guacd gets of it is held against a table of its own, not the gateway's.

/** What guacd may ever get: the least number of arguments, and which of them are whole numbers. */
const allowed: Record<string, { arity: number; numbers: number[] }> = {
  sync: { arity: 1, numbers: [0] },
  ack: { arity: 3, numbers: [0, 2] },
  nop: { arity: 0, numbers: [] },
  key: { arity: 2, numbers: [0, 1] },
  mouse: { arity: 3, numbers: [0, 1, 2] },
  touch: { arity: 7, numbers: [0, 1, 2, 3, 4] },
  size: { arity: 2, numbers: [0, 1] },
  clipboard: { arity: 2, numbers: [0] },
  blob: { arity: 2, numbers: [0] },
  end: { arity: 1, numbers: [0] },
  disconnect: { arity: 0, numbers: [] },
};

let target: Server;
let guacd: FakeGuacd;
let gateway: TestGateway;
let owner: SessionApi;
let admin: SessionApi;
beforeAll(async () => {
  target = createServer((socket) => void socket.on("error", () => undefined).resume()).listen(0, "127.0.0.1");
  guacd = await startFakeGuacd(["VERSION_1_5_0", "hostname", "port", "read-only"], (connection) => {
    connection.send("size", 0, 800, 600);
    connection.send("sync", 1);
  });
  gateway = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: guacd.address });
  const fields = { session_type: "vnc", hostname: "127.0.0.1", port: await portOf(target) };
  owner = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, fields);
  admin = sessionApi(gateway, (await gateway.signIn("admin")).cookie, fields);
});
afterAll(async () => {
  await gateway.close();
  guacd.close();
  target.close();
});

const strangers = [
  "select",
  "connect",
  "args",
  "ready",
  "error",
  "img",
  "rect",
  "",
  "KEY",
  "key\0",
  "__proto__",
  "toString",
];
const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 70 }).map(String) },
  { weight: 2, arbitrary: fc.integer({ min: -(2 ** 31), max: 2 ** 31 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom("", "-", "1.5", "1e3", " 1", "9".repeat(16), "0x10", "text/plain", "AAAA") },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
);
const opcode = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...Object.keys(upOpcodes).filter((name) => name !== "disconnect")) },
  { weight: 1, arbitrary: fc.constantFrom(...strangers) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
);
const instruction = fc.oneof(
  {
    weight: 600,
    arbitrary: fc.tuple(opcode, fc.array(value, { maxLength: 9 })).map(([name, args]) => [name, ...args]),
  },
  { weight: 1, arbitrary: fc.constant(["disconnect"]) },
);
interface Message {
  readonly data: string | Buffer;
  /** It may cost the browser its socket, so whatever is sent after it need not be heard. */
  readonly isLast: boolean;
}
const message: fc.Arbitrary<Message> = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.array(instruction, { minLength: 1, maxLength: 4 }).map((instructions) => ({
      data: instructions.map(encodeInstruction).join(""),
      isLast: instructions.some(([name]) => name === "disconnect"),
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .oneof(
        fc.string({ unit: "binary", maxLength: 40 }),
        fc.string({ unit: fc.constantFrom("1", "3", ".", ",", ";", "k", "😀", "+", " ") }),
        fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
        fc.integer({ min: 8_193, max: 40_000 }).map((length) => encodeInstruction(["key", "1".repeat(length), "1"])),
        fc.constant(encodeInstruction(Array.from({ length: 200 }, () => "key"))),
        fc.integer({ min: 65_537, max: 200_000 }).map((length) => "x".repeat(length)),
      )
      .map((data) => ({ data, isLast: true })),
  },
);

/** Sends all of them; opens a new socket, or a new session, whenever the one before is gone. */
const sendAll = async (messages: readonly Message[], open: () => Promise<TunnelClient>): Promise<TunnelClient> => {
  let client = await open();
  let sent = 0;
  for (const { data, isLast } of messages) {
    client.socket.send(data);
    // Now and then what was sent is waited for, so that nothing piles up.
    if (!isLast && ++sent % 50 !== 0) continue;
    client.send("", "ping", String(++sent));
    const isHeard = client
      .waitFor(([name, , stamp]) => name === "" && stamp === String(sent))
      .then(
        () => true,
        () => false,
      );
    if (!(await isHeard)) client = await open();
  }
  return client;
};

/** What guacd got since a number of its connections, one list for each. */
const receivedSince = (first: number) => guacd.connections.slice(first).map(({ received }) => received);

const expectAllowed = (received: readonly string[][], mayPaste: boolean): void => {
  const streams = new Set<string>();
  for (const [name = "", ...args] of received) {
    const rule = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    expect(rule, `${name} reached guacd`).toBeDefined();
    expect(args.length, name).toBeGreaterThanOrEqual(rule?.arity ?? 0);
    for (const index of rule?.numbers ?? []) expect(args[index], `${name} ${args.join()}`).toMatch(/^-?\d{1,15}$/);
    if (name === "clipboard") {
      expect(mayPaste).toBe(true);
      streams.add(args[0] ?? "");
      expect(streams.size).toBeLessThanOrEqual(64);
    }
    if (name === "blob" || name === "end") expect(streams, `${name} of a stream that is not open`).toContain(args[0]);
    if (name === "end") streams.delete(args[0] ?? "");
  }
};

describe.each([
  { name: "who may paste", fields: {}, count: 10_000 },
  { name: "who may not paste", fields: { disable_paste: true }, count: 1_000 },
])("an owner $name", ({ fields, count }) => {
  test("sends random messages: nothing crashes, and guacd gets only what is allowed", async () => {
    const seed = Date.now() % 2 ** 31;
    const first = guacd.connections.length;
    let id = await owner.create(fields);
    const open = async () => {
      if ((await owner.read(id)).status === "ended") id = await owner.create(fields);
      const client = await owner.attach(id);
      await client.waitFor(isSync);
      return client;
    };
    const client = await sendAll(fc.sample(message, { numRuns: count, seed }), open);
    client.send("key", "4242424242", "1");
    await expect
      .poll(() => receivedSince(first).flat(), { message: `seed ${seed}` })
      .toContainEqual(["key", "4242424242", "1"]);
    for (const received of receivedSince(first)) expectAllowed(received, !("disable_paste" in fields));
    await owner.call("DELETE", `/api/sessions/${id}`);
  }, 300_000);
});

test("someone who looks on sends random messages: guacd gets no input of theirs, and the session goes on", async () => {
  const id = await owner.create();
  const client = await owner.attach(id);
  await client.waitFor(isSync);
  const first = guacd.connections.length;
  const open = async () => {
    const watcher = await admin.attach(id, { mode: "view" });
    await watcher.waitFor(isSync);
    return watcher;
  };
  const watcher = await sendAll(fc.sample(message, 1_000), open);
  watcher.send("sync", "4242");
  await expect.poll(() => receivedSince(first).flat()).toContainEqual(["sync", "4242"]);
  const opcodes = new Set(receivedSince(first).flatMap((received) => received.map(([name]) => name)));
  expect([...opcodes].filter((name) => !["sync", "ack", "nop", "disconnect"].includes(name ?? ""))).toEqual([]);
  expect((await owner.read(id)).status).toBe("active");
}, 120_000);
