import { createServer, type Server } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeInstruction } from "../../src/guacd/instruction.ts";
import { upOpcodes } from "../../src/tunnel/up-opcodes.ts";
import { type FakeGuacd, startFakeGuacd } from "../support/fake-guacd.ts";
import { PassedUp } from "../support/passed-up.ts";
import { portOf } from "../support/port-of.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import type { TunnelClient } from "../support/tunnel-client.ts";

// A browser that sends whatever it likes. What guacd gets of it is held against a table of its own, not the gateway's.

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
    for (const received of receivedSince(first)) {
      const passed = new PassedUp({ mode: "owner", mayPaste: !("disable_paste" in fields) });
      for (const elements of received) passed.take(elements);
    }
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
  const passed = new PassedUp({ mode: "view", mayPaste: false });
  for (const elements of receivedSince(first).flat()) passed.take(elements);
  expect((await owner.read(id)).status).toBe("active");
}, 120_000);
