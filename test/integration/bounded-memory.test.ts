import { createServer, type Server } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { encodeInstruction } from "../../src/guacd/instruction.ts";
import { type FakeGuacd, type FakeGuacdConnection, startFakeGuacd } from "../support/fake-guacd.ts";
import { type HeldWatch, watchHeld } from "../support/held-watch.ts";
import { type OpsClient, opsClient } from "../support/ops-client.ts";
import { portOf } from "../support/port-of.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient } from "../support/tunnel-client.ts";

// No browser makes the gateway hold more than 1 MiB in either direction, however fast the other side is. A scripted guacd
// stands in: it draws faster than the real one, and stops reading when it is told to. Nobody here is cut for being slow.

const mebibyte = 1024 * 1024;
const argNames = ["VERSION_1_5_0", "hostname", "port", "read-only", "username", "password", "disable-copy"];
const blob = Buffer.from(encodeInstruction(["blob", "1", "x".repeat(6_000)]));
/** More than the kernel takes between gateway and browser, and between guacd and gateway. */
const floodBlobs = 7_000;

let target: Server;
let guacd: FakeGuacd;
let ops: OpsClient;
let gateway: TestGateway;
let api: SessionApi;
let admin: SessionApi;
let held: HeldWatch;
beforeAll(async () => {
  target = createServer((socket) => void socket.on("error", () => undefined).resume()).listen(0, "127.0.0.1");
});
afterAll(() => void target.close());
beforeEach(async () => {
  guacd = await startFakeGuacd(argNames);
  ops = await opsClient();
  gateway = await startTestGateway({
    ...ops.environment,
    SALLYPORT_GUACD_ADDRESSES: guacd.address,
    SALLYPORT_TUNNEL_SLOW_READER_SECONDS: "3600",
    SALLYPORT_TUNNEL_PING_SECONDS: "3600",
    // The scripted guacd says nothing of itself.
    SALLYPORT_GUACD_SILENCE_TIMEOUT_SECONDS: "3600",
  });
  const fields = { session_type: "vnc", hostname: "127.0.0.1", port: await portOf(target), password: "p" };
  api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, fields);
  admin = sessionApi(gateway, (await gateway.signIn("admin")).cookie);
  held = watchHeld(ops);
});
afterEach(async () => {
  await held.stop();
  await gateway.close();
  guacd.close();
});

const connection = async (index: number): Promise<FakeGuacdConnection> => {
  await expect.poll(() => guacd.connections.length).toBeGreaterThan(index);
  const found = guacd.connections[index];
  if (!found) throw new Error("no connection");
  return found;
};
const draw = async (leg: FakeGuacdConnection, client: TunnelClient) => {
  leg.send("size", 0, 800, 600);
  leg.send("img", 1, 14, 0, "image/png", 0, 0);
  leg.send("sync", 1);
  await client.waitFor(isSync);
};
const open = async () => {
  const index = guacd.connections.length;
  const id = await api.create();
  const client = await api.attach(id);
  const leg = await connection(index);
  await draw(leg, client);
  await expect.poll(async () => (await api.read(id)).status).toBe("active");
  return { id, client, leg };
};
const blobsOf = (client: TunnelClient) => client.received.filter(([opcode]) => opcode === "blob").length;
const expectBounded = async (direction: "down" | "up", samples: number) => {
  await expect.poll(() => held.samples).toBeGreaterThan(samples);
  // That it came near shows that the flood was one.
  expect(held.mostBytes[direction]).toBeGreaterThan(64 * 1024);
  expect(held.mostBytes[direction]).toBeLessThanOrEqual(mebibyte);
};

describe("down", () => {
  test("an owner who stops reading costs no more than 1 MiB while guacd floods, and gets all of it on reading on", async () => {
    const { client, leg } = await open();
    client.socket.pause();
    const flood = leg.flood(blob, floodBlobs);
    await expect.poll(() => held.mostBytes.down).toBeGreaterThan(256 * 1024);
    await expectBounded("down", held.samples + 40);
    client.socket.resume();
    await flood;
    await expect.poll(() => blobsOf(client), { timeout: 20_000 }).toBe(floodBlobs);
  });

  test("a first picture that never ends costs no more before it is let through", async () => {
    const id = await api.create();
    const client = await api.attach(id);
    client.socket.pause();
    const leg = await connection(0);
    leg.send("img", 1, 14, 0, "image/png", 0, 0);
    void leg.flood(blob, floodBlobs);
    // Answers to the browser itself come on top.
    const ping = encodeInstruction(["", "ping", "x".repeat(8_000)]).repeat(8);
    for (let count = 0; count < 200; count++) client.socket.send(ping);
    await expect.poll(() => held.mostBytes.down).toBeGreaterThan(256 * 1024);
    await expectBounded("down", held.samples + 40);
  });

  test("a browser that only looks on and reads nothing does not hold the owner up, and is sent away", async () => {
    const { id, client, leg } = await open();
    const watcher = await admin.attach(id, { mode: "view" });
    const watcherLeg = await connection(1);
    await draw(watcherLeg, watcher);
    watcher.socket.pause();
    const seen = watcher.received.length;
    // As guacd does: what all see is written to one after the other, and whoever does not take it is waited for.
    for (let count = 0; count < floodBlobs; count += 100)
      await Promise.all([leg.flood(blob, 100), watcherLeg.flood(blob, 100)]);
    await expect.poll(() => blobsOf(client), { timeout: 20_000 }).toBe(floodBlobs);
    expect(watcher.received.length).toBe(seen);
    await expect
      .poll(() => notices(client))
      .toContainEqual(expect.objectContaining({ kind: "watching", joined: false }));
    expect(held.mostBytes.down).toBeLessThanOrEqual(mebibyte);
    expect(gateway.logs()).toMatch(/"cause":"behind".*"watcher detached"/);
    expect(await api.read(id)).toMatchObject({ status: "active", active_connections: 1 });
  });
});

describe("up", () => {
  const keys = encodeInstruction(["key", "97", "1"]) + encodeInstruction(["key", "97", "0"]);
  const floods: [string, string[], string, number][] = [
    ["keys", [], keys.repeat(1_500), 3_000],
    ["a paste", ["clipboard", "0", "text/plain"], encodeInstruction(["blob", "0", "x".repeat(6_000)]).repeat(8), 8],
  ];
  test.each(floods)(
    "%s without end, which guacd does not take, costs no more than 1 MiB; the rest waits at the browser, others work on, and nothing is lost",
    async (_, opener, message, instructions) => {
      const other = await open();
      const { client, leg } = await open();
      leg.pause();
      if (opener.length > 0) client.send(...opener);
      const before = leg.received.length;
      let messages = 0;
      // What the kernel takes on the way is full when what is sent stays at the browser.
      const isStuck = () => client.socket.bufferedAmount >= 2 * mebibyte;
      while (held.mostBytes.up < 64 * 1024 || !isStuck()) {
        if (!isStuck()) {
          client.socket.send(message);
          messages++;
        }
        await setImmediate();
      }
      for (let count = 0; count < 20; count++) {
        other.client.send("key", String(200 + count), "1");
        await expect.poll(() => other.leg.received).toContainEqual(["key", String(200 + count), "1"]);
      }
      await expectBounded("up", held.samples + 20);
      expect(client.socket.bufferedAmount).toBeGreaterThan(mebibyte);
      leg.resume();
      const expected = messages * instructions + (opener.length > 0 ? 1 : 0);
      const arrived = () =>
        leg.received.slice(before).filter(([opcode]) => /^(key|blob|clipboard)$/.test(opcode ?? ""));
      await expect.poll(() => arrived().length, { timeout: 40_000, interval: 500 }).toBe(expected);
    },
    60_000,
  );

  test("a guacd that has more and more refused and reads no answer ends its session", async () => {
    const { id, client, leg } = await open();
    leg.pause();
    const files = Buffer.from(encodeInstruction(["file", "1", "text/plain", "a"]).repeat(1_000));
    void leg.flood(files, 1_000);
    expect(await client.closed).toEqual({ code: 1011, reason: "514" });
    expect(await api.read(id)).toMatchObject({ status: "ended", end_reason: "guacd_failed" });
    expect(held.mostBytes.up).toBeLessThanOrEqual(mebibyte);
  });
});
