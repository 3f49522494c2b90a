import { createServer, type Server } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeInstruction } from "../../src/guacd/instruction.ts";
import { type FakeGuacd, type FakeGuacdConnection, startFakeGuacd } from "../support/fake-guacd.ts";
import { portOf } from "../support/port-of.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient } from "../support/tunnel-client.ts";

// A guacd that a target has taken over, or that is broken: it may say anything, in a session that is live.

let target: Server;
let guacd: FakeGuacd;
let gateway: TestGateway;
let api: SessionApi;
beforeAll(async () => {
  target = createServer((socket) => void socket.on("error", () => undefined).resume()).listen(0, "127.0.0.1");
  guacd = await startFakeGuacd(["VERSION_1_5_0", "hostname", "port"], (connection) => {
    connection.send("size", 0, 800, 600);
    connection.send("sync", 1);
  });
  gateway = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: guacd.address });
  const fields = { session_type: "vnc", hostname: "127.0.0.1", port: await portOf(target) };
  api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, fields);
});
afterAll(async () => {
  await gateway.close();
  guacd.close();
  target.close();
});

const live = async (): Promise<{ id: string; client: TunnelClient; connection: FakeGuacdConnection }> => {
  const id = await api.create();
  const client = await api.attach(id);
  await client.waitFor(isSync);
  await expect.poll(async () => (await api.read(id)).status).toBe("active");
  const connection = guacd.connections.at(-1);
  if (!connection) throw new Error("guacd was not reached");
  return { id, client, connection };
};

const expectEnded = async ({ id, client }: { id: string; client: TunnelClient }): Promise<void> => {
  await client.closed;
  // At once, and not because it fell silent.
  const end = { end_reason: "guacd_failed", end_detail: "The session host closed the connection." };
  expect(notices(client)).toContainEqual({ kind: "ended", ...end });
  await expect.poll(() => api.read(id)).toMatchObject({ status: "ended", ...end });
};

test.each([
  ["garbage", Buffer.from("\0\x01\xff not Guacamole at all", "latin1")],
  ["an endless length", Buffer.from("9".repeat(500))],
  ["a length beyond all limits", Buffer.from("9999999.x")],
  ["an element that does not end", Buffer.from(`65536.${"x".repeat(70_000)}`)],
  ["an instruction that does not end", Buffer.from(`4.rect${",9999.".concat("x".repeat(9999)).repeat(7)}`)],
  ["elements without an end", Buffer.from(`4.rect${",0.".repeat(5000)}`)],
])("%s ends the session as the session host's fault, and the next one works", async (_, bytes) => {
  const session = await live();
  session.connection.write(bytes);
  await expectEnded(session);
  const next = await live();
  next.client.send("disconnect");
  await next.client.closed;
});

test("any bytes end the session in the same way or draw, and the gateway serves on", async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 200 }).map((some) => Buffer.from(some)),
    fc.string({ unit: fc.constantFrom("3", "1", ".", ",", ";", "nop", "sync", "😀") }).map((some) => Buffer.from(some)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (some) => {
      const session = await live();
      // Whatever it was, this is the end of it.
      session.connection.write(Buffer.concat([some, Buffer.alloc(70_000, ";")]));
      await expectEnded(session);
    }),
    { numRuns: 25 },
  );
  expect((await fetch(`${gateway.url}/api/health`)).status).toBe(200);
  expect(gateway.logs()).not.toContain("unexpected error");
}, 60_000);

test("a character that two packets share reaches the browser whole, wherever it is cut", async () => {
  const { client, connection } = await live();
  const text = "né😀\u{10ffff}";
  const { length } = Buffer.from(encodeInstruction(["name", `${text}10`]));
  for (let cut = 1; cut < length; cut++) {
    const name = `${text}${cut + 10}`;
    const instruction = Buffer.from(encodeInstruction(["name", name]));
    const stamp = String(1000 + cut);
    connection.write(Buffer.concat([Buffer.from(encodeInstruction(["sync", stamp])), instruction.subarray(0, cut)]));
    // The first part has been read when what stands before it has come.
    await client.waitFor(([opcode, time]) => opcode === "sync" && time === stamp);
    connection.write(instruction.subarray(cut));
    await client.waitFor(([opcode, told]) => opcode === "name" && told === name);
  }
  client.send("disconnect");
});
