import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { type FakeGuacd, startFakeGuacd } from "../support/fake-guacd.ts";
import { portOf } from "../support/port-of.ts";
import { startScriptedServer } from "../support/scripted-server.ts";
import { answer, isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient } from "../support/tunnel-client.ts";

// What guacd does seldom, or in other versions than the one installed here: a scripted one stands in for it.

/** As guacd 1.6.0 announces itself, with the few arguments that matter here. */
const argNames = ["VERSION_1_5_0", "hostname", "port", "read-only", "username", "password", "disable-copy"];

let target: Server;
let port: number;
let guacd: FakeGuacd;
let gateway: TestGateway;
let api: SessionApi;
beforeAll(async () => {
  target = createServer((socket) => void socket.on("error", () => undefined).resume()).listen(0, "127.0.0.1");
  port = await portOf(target);
});
beforeEach(async () => {
  guacd = await startFakeGuacd(argNames);
  gateway = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: guacd.address });
  const fields = { session_type: "vnc", hostname: "127.0.0.1", port, password: "first" };
  api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, fields);
});
afterEach(async () => {
  await gateway.close();
  guacd.close();
});
afterAll(() => void target.close());

const connection = async (index: number) => {
  await expect.poll(() => guacd.connections.length, { timeout: 5_000 }).toBeGreaterThan(index);
  const found = guacd.connections[index];
  if (!found) throw new Error("no connection");
  return found;
};
const open = async () => {
  const id = await api.create();
  const client = await api.attach(id);
  return { id, client, leg: await connection(0) };
};
const isWarning = (notice: unknown) => typeof notice === "object" && notice !== null && "text" in notice;
const statusOf = async (id: string) => (await api.read(id)).status;

describe("the first picture", () => {
  test("of guacd 1.6.0 begins with syncs before the target is reached: they are answered, not shown, and nothing is active", async () => {
    const { id, client, leg } = await open();
    leg.send("sync", 100);
    await expect.poll(() => leg.received).toContainEqual(["sync", "100"]);
    client.send("", "ping", "1");
    await client.waitFor(([opcode, , stamp]) => opcode === "" && stamp === "1");
    expect(client.received.filter(isSync)).toEqual([]);
    expect(await statusOf(id)).toBe("pending");
    leg.send("size", 0, 800, 600);
    leg.send("sync", 200, 1);
    await client.waitFor(([opcode, stamp]) => opcode === "sync" && stamp === "200");
    await expect.poll(() => statusOf(id)).toBe("active");
    // The browser answers this one itself, and before this key.
    client.send("key", "65", "1");
    await expect.poll(() => leg.received).toContainEqual(["key", "65", "1"]);
    expect(leg.received.filter(([opcode, stamp]) => opcode === "sync" && stamp === "200")).toHaveLength(1);
  });

  test("comes with what was asked for and this guacd does not know, which a browser that comes back is told again", async () => {
    const id = await api.create({ swap_red_blue: true });
    const client = await api.attach(id);
    const leg = await connection(0);
    expect(notices(client).filter(isWarning)).toEqual([]);
    leg.send("size", 0, 640, 480);
    leg.send("sync", 10);
    const text = "swap_red_blue has no effect: this guacd does not know it.";
    await expect.poll(() => notices(client).filter(isWarning)).toEqual([{ kind: "warning", text }]);
    await expect.poll(async () => (await api.read(id)).warnings).toEqual([text]);
    const next = await api.attach(id);
    await expect.poll(() => notices(next).filter(isWarning)).toEqual([{ kind: "warning", text }]);
  });

  test("goes whole to a browser that takes the place of one lost before, on the same connection to guacd", async () => {
    const { id, client, leg } = await open();
    leg.send("size", 0, 640, 480);
    leg.send("name", "half");
    client.socket.terminate();
    await expect.poll(async () => (await api.read(id)).active_connections).toBe(0);
    leg.send("name", "whole");
    const next = await api.attach(id);
    leg.send("sync", 300);
    await next.waitFor(isSync);
    const opcodes = next.received.filter(([opcode]) => opcode === "size" || opcode === "name" || opcode === "sync");
    expect(opcodes).toEqual([
      ["size", "0", "640", "480"],
      ["name", "half"],
      ["name", "whole"],
      ["sync", "300"],
    ]);
    expect(guacd.connections).toHaveLength(1);
  });

  test("that is too large to be kept flows on; a browser that comes then joins when it is whole", async () => {
    const { id, client, leg } = await open();
    leg.send("size", 0, 640, 480);
    leg.send("img", 1, 14, 0, "image/png", 0, 0);
    for (let blob = 0; blob < 100; blob++) leg.send("blob", 1, "A".repeat(8000));
    await client.waitFor(([opcode]) => opcode === "blob");
    client.socket.terminate();
    const next = await api.attach(id);
    expect(guacd.connections).toHaveLength(1);
    leg.send("end", 1);
    leg.send("sync", 400);
    const joined = await connection(1);
    expect(joined.select).toMatch(/^\$/);
    joined.send("size", 0, 640, 480);
    joined.send("sync", 401);
    await next.waitFor(([opcode, stamp]) => opcode === "sync" && stamp === "401");
  });

  test("nothing of the connection id reaches the browser, and no browser joins before it is whole", async () => {
    const { id, client, leg } = await open();
    leg.send("size", 0, 640, 480);
    const second = await api.attach(id);
    expect((await client.closed).reason).toBe("521");
    leg.send("sync", 1);
    await second.waitFor(isSync);
    expect(guacd.connections).toHaveLength(1);
    expect(second.received.flat().join()).not.toContain("11111111");
  });

  test("whose size guacd 1.3.0 has lost, as in one RDP start of six, gets the one that was asked for", async () => {
    const { id, client, leg } = await open();
    leg.send("cursor", 0, 0, -1, 0, 0, 8, 8);
    leg.send("sync", 10);
    await expect.poll(() => leg.received).toContainEqual(["sync", "10"]);
    leg.send("img", 1, 14, 0, "image/png", 0, 0);
    leg.send("end", 1);
    client.send("", "ping", "drawn");
    await client.waitFor(([opcode, , stamp]) => opcode === "" && stamp === "drawn");
    leg.send("sync", 20);
    await client.waitFor(([opcode, stamp]) => opcode === "sync" && stamp === "20");
    const drawing = client.received.filter(([opcode]) => opcode !== "sp-notice" && opcode !== "");
    expect(drawing.map(([opcode]) => opcode)).toEqual(["size", "cursor", "img", "end", "sync"]);
    expect(drawing[0]).toEqual(["size", "0", "800", "600"]);
    await expect.poll(() => statusOf(id)).toBe("active");
  });
});

describe("a guacd that is lost before the first picture is whole", () => {
  const steps = (client: TunnelClient) =>
    notices(client).flatMap((notice) => {
      const told = z.object({ kind: z.literal("step"), step: z.string(), state: z.string() }).safeParse(notice);
      return told.success ? [`${told.data.step} ${told.data.state}`] : [];
    });
  const endOf = async (id: string) => {
    await expect.poll(() => statusOf(id)).toBe("ended");
    const { end_reason, end_detail } = await api.read(id);
    return { end_reason, end_detail };
  };
  const lost = { end_reason: "guacd_failed", end_detail: "The session host closed the connection." };

  test("gets the session a second time: the way begins anew in the page, and nothing of the first picture is shown", async () => {
    const { client, leg, id } = await open();
    leg.send("size", 0, 640, 480);
    leg.send("name", "first");
    leg.destroy();
    const again = await connection(1);
    expect(again).toMatchObject({ select: "vnc", args: { password: "first" } });
    const way = ["policy running", "policy done", "target running", "target done", "host running", "host done"];
    await expect.poll(() => steps(client)).toEqual([...way, "picture running", ...way, "picture running"]);
    const next = await api.attach(id);
    await expect.poll(() => steps(next)).toEqual(["policy done", "target done", "host done", "picture running"]);
    again.send("size", 0, 800, 600);
    again.send("name", "second");
    again.send("sync", 7);
    await next.waitFor(isSync);
    expect(next.received.filter(([opcode]) => opcode === "name")).toEqual([["name", "second"]]);
    await expect.poll(() => statusOf(id)).toBe("active");
  });

  test("ends the session when it is lost again, or when the first picture was whole", async () => {
    const { id, leg } = await open();
    leg.destroy();
    (await connection(1)).destroy();
    expect(await endOf(id)).toEqual(lost);
    expect(guacd.connections).toHaveLength(2);

    const drawnId = await api.create();
    const drawn = await api.attach(drawnId);
    const third = await connection(2);
    third.send("size", 0, 640, 480);
    third.send("sync", 1);
    await drawn.waitFor(isSync);
    third.destroy();
    expect(await endOf(drawnId)).toEqual(lost);
    expect(guacd.connections).toHaveLength(3);
  });

  test("ends the session when a part of the picture was sent already", async () => {
    const { id, client, leg } = await open();
    leg.send("img", 1, 14, 0, "image/png", 0, 0);
    for (let blob = 0; blob < 100; blob++) leg.send("blob", 1, "A".repeat(8000));
    await client.waitFor(([opcode]) => opcode === "blob");
    leg.destroy();
    expect(await endOf(id)).toEqual(lost);
    expect(guacd.connections).toHaveLength(1);
  });

  test("while it asks for something: the answer is given to the second, and nobody is asked twice", async () => {
    const { client, leg } = await open();
    leg.send("required", "password");
    await client.waitFor(([opcode]) => opcode === "required");
    leg.destroy();
    await leg.closed;
    client.send("", "ping", "lost");
    await client.waitFor(([opcode, , stamp]) => opcode === "" && stamp === "lost");
    expect(guacd.connections).toHaveLength(1);
    answer(client, { password: "typed" });
    const again = await connection(1);
    expect(again.args.password).toBe("typed");
    again.send("size", 0, 640, 480);
    again.send("sync", 7);
    await client.waitFor(isSync);
    // The second time none is open any more, which an empty question would say to a page.
    expect(client.received.filter(([opcode, name]) => opcode === "required" && name)).toHaveLength(1);
  });

  test("ends the session at once when what was seen of the target explains it", async () => {
    const web = await startScriptedServer((socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
    onTestFinished(() => web.close());
    const id = await api.create({ port: web.port });
    await api.attach(id);
    const leg = await connection(0);
    const visit = connect(Number(leg.args.port), leg.args.hostname ?? "").on("error", () => undefined);
    onTestFinished(() => void visit.destroy());
    await once(visit, "data");
    leg.destroy();
    const detail = `What answers at 127.0.0.1 on port ${web.port} is not a VNC server.`;
    expect(await endOf(id)).toEqual({ end_reason: "target_unreachable", end_detail: detail });
    expect(guacd.connections).toHaveLength(1);
  });

  test("does not come back to a session that its owner ends meanwhile", async () => {
    const { id, client, leg } = await open();
    leg.send("required", "password");
    await client.waitFor(([opcode]) => opcode === "required");
    leg.destroy();
    await leg.closed;
    await api.call("DELETE", `/api/sessions/${id}`);
    expect((await endOf(id)).end_reason).toBe("closed");
    expect(guacd.connections).toHaveLength(1);
    expect(gateway.logs()).not.toContain('"connecting failed"');
  });
});

describe("a question of guacd's own", () => {
  test("reaches the page, and its answer reaches guacd on streams of its own; limits stand still meanwhile", async () => {
    const { client, leg } = await open();
    leg.send("required", "username", "password");
    expect(await client.waitFor(([opcode]) => opcode === "required")).toEqual(["required", "username", "password"]);
    const long = "p".repeat(10_000);
    answer(client, { username: "zoé", password: long.slice(0, 6000) });
    await expect.poll(() => leg.received.filter(([opcode]) => opcode === "end")).toHaveLength(2);
    const values = new Map<string, string>();
    for (const [opcode, stream = "", value = "", name = ""] of leg.received) {
      if (opcode === "argv") values.set(stream, `${name}=`);
      if (opcode === "blob") values.set(stream, (values.get(stream) ?? "") + Buffer.from(value, "base64").toString());
    }
    expect([...values.values()]).toEqual(["username=zoé", `password=${long.slice(0, 6000)}`]);
    expect([...values.keys()].every((stream) => Number(stream) > 32)).toBe(true);
  });

  test("that is open when the browser is lost is asked of the next one", async () => {
    const { id, client, leg } = await open();
    leg.send("required", "password");
    await client.waitFor(([opcode]) => opcode === "required");
    client.socket.terminate();
    const next = await api.attach(id);
    await next.waitFor(([opcode]) => opcode === "required");
    answer(next, { password: "x" });
    await expect.poll(() => leg.received.map(([opcode]) => opcode)).toContain("argv");
    expect(guacd.connections).toHaveLength(1);
  });
});

describe("a refused sign-in", () => {
  test("behind guacd is asked for again with a new connection, three times, then ends as auth_failed", async () => {
    const { id, client, leg } = await open();
    expect(leg.args.password).toBe("first");
    leg.send("error", "Aborted. See logs.", 769);
    for (const [index, password] of ["second", "third"].entries()) {
      await expect.poll(() => client.received.filter(([opcode]) => opcode === "required")).toHaveLength(index + 1);
      answer(client, { password });
      const next = await connection(index + 1);
      expect(next).toMatchObject({ select: "vnc", args: { password } });
      next.send("error", "Aborted. See logs.", 769);
    }
    expect((await client.closed).reason).toBe("769");
    expect(await api.read(id)).toMatchObject({ status: "ended", end_reason: "auth_failed" });
    expect(notices(client).filter((notice) => JSON.stringify(notice).includes("tries_left"))).toMatchObject([
      { tries_left: 2 },
      { tries_left: 1 },
    ]);
  });
});

test("after a refused sign-in the browser gets the picture of the next connection", async () => {
  const { client, leg } = await open();
  leg.send("error", "Aborted. See logs.", 769);
  await client.waitFor(([opcode]) => opcode === "required");
  answer(client, { password: "second" });
  const next = await connection(1);
  next.send("size", 0, 640, 480);
  next.send("sync", 7);
  await client.waitFor(([opcode, stamp]) => opcode === "sync" && stamp === "7");
});

describe("a browser that has joined", () => {
  const resumed = async () => {
    const { id, client, leg } = await open();
    leg.send("size", 0, 640, 480);
    leg.send("sync", 1);
    await client.waitFor(isSync);
    client.socket.terminate();
    await expect.poll(async () => (await api.read(id)).active_connections).toBe(0);
    const next = await api.attach(id, { GUAC_WIDTH: "900", GUAC_HEIGHT: "700" });
    const joined = await connection(1);
    return { id, leg, next, joined };
  };

  test("has its size told to the owner leg, and its keys to its own", async () => {
    const { leg, next, joined } = await resumed();
    await expect.poll(() => leg.received).toContainEqual(["size", "900", "700"]);
    next.send("key", "97", "1");
    await expect.poll(() => joined.received).toContainEqual(["key", "97", "1"]);
    next.send("size", "901", "701");
    await expect.poll(() => leg.received).toContainEqual(["size", "901", "701"]);
    expect(joined.received.map(([opcode]) => opcode)).not.toContain("size");
    next.socket.terminate();
    await expect.poll(() => joined.received).toContainEqual(["key", "97", "0"]);
    await expect.poll(() => joined.received).toContainEqual(["disconnect"]);
    expect(leg.received).not.toContainEqual(["disconnect"]);
  });

  test("joins again when guacd 1.3.0 hangs up before it has sent anything, and notices nothing", async () => {
    const { next, joined } = await resumed();
    joined.destroy();
    const again = await connection(2);
    expect(again.select).toBe(joined.select);
    again.send("size", 0, 640, 480);
    again.send("sync", 9);
    await next.waitFor(isSync);
  });

  test("is sent away with 514 when guacd hangs up each time", async () => {
    const { next } = await resumed();
    for (const index of [1, 2, 3]) (await connection(index)).destroy();
    expect((await next.closed).reason).toBe("514");
    expect(guacd.connections).toHaveLength(4);
  });

  test("whose connection ends by itself is sent away with 514 and comes back; the session goes on", async () => {
    const { id, next, joined } = await resumed();
    joined.send("size", 0, 640, 480);
    await next.waitFor(([opcode]) => opcode === "size");
    joined.destroy();
    expect((await next.closed).reason).toBe("514");
    expect(await statusOf(id)).toBe("active");
    await api.attach(id);
    await connection(2);
  });

  test("the owner leg is read empty, kept alive and answers its syncs meanwhile; files pushed at it are refused", async () => {
    const { leg, joined } = await resumed();
    leg.send("sync", 50);
    await expect.poll(() => leg.received).toContainEqual(["sync", "50"]);
    leg.send("file", 4, "text/plain", "a.txt");
    await expect.poll(() => leg.received).toContainEqual(["ack", "4", "Not allowed.", "771"]);
    await expect.poll(() => leg.received, { timeout: 6_000 }).toContainEqual(["nop"]);
    joined.send("clipboard", 2, "text/plain");
  });
});
