import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient, typeText } from "../support/tunnel-client.ts";

// A session belongs to its owner, not to a socket: it survives lost browsers, and a new one takes over.

let host: SshHost;
let gateway: TestGateway;
let api: SessionApi;
beforeAll(async () => {
  host = await startSshHost();
  gateway = await startTestGateway();
  api = await apiAt(gateway);
});
afterAll(async () => {
  await gateway.close();
  await host.stop();
});

const apiAt = async (at: TestGateway) => {
  return sessionApi(at, (await at.signIn("poweruser")).cookie, targetOf(host));
};
const fileHolds = (name: string) =>
  expect.poll(() => readFile(join(host.home, name), "utf8").catch(() => ""), { timeout: 10_000 });
const start = async (at: SessionApi = api) => {
  const id = await at.create();
  const client = await at.attach(id);
  await client.waitFor(isSync);
  return { id, client };
};
/** All that draws on the screen's own layer, which only a whole picture has. */
const hasPicture = ({ received }: TunnelClient) =>
  received.some(([opcode, layer]) => opcode === "size" && layer === "0") && received.some(isSync);

test("a lost browser leaves the shell as it was, and the next one gets the whole picture and goes on", async () => {
  const { id, client } = await start();
  typeText(client, "here=kept\n");
  // A connection that is torn takes with it what was not read yet.
  client.send("", "ping", "typed");
  await client.waitFor(([opcode, , stamp]) => opcode === "" && stamp === "typed");
  client.socket.terminate();
  await expect.poll(async () => (await api.read(id)).active_connections).toBe(0);
  expect((await api.read(id)).status).toBe("active");
  const next = await api.attach(id);
  await expect.poll(() => hasPicture(next), { timeout: 5_000 }).toBe(true);
  typeText(next, "echo $here > resumed.txt\n");
  await fileHolds("resumed.txt").toBe("kept\n");
  next.send("disconnect");
  expect(await next.closed).toEqual({ code: 1000, reason: "0" });
});

test("the size of the window that comes back is the terminal's, and follows it from then on", async () => {
  const { id, client } = await start();
  client.socket.terminate();
  const next = await api.attach(id, { GUAC_WIDTH: "1600", GUAC_HEIGHT: "900" });
  await next.waitFor(isSync);
  typeText(next, "stty size > size.txt\n");
  await fileHolds("size.txt").toMatch(/^\d+ 15\d\n$/);
  next.send("size", "400", "300");
  await next.waitFor(([opcode, layer, width]) => opcode === "size" && layer === "0" && Number(width) <= 400);
  typeText(next, "stty size > smaller.txt\n");
  await fileHolds("smaller.txt").toMatch(/^\d+ 3\d\n$/);
  next.send("disconnect");
});

test("no key stays pressed when the browser that held it is lost", async () => {
  const { id, client } = await start();
  // Held down, X repeats nothing at guacd's terminal, but Ctrl makes every later letter a control character.
  client.send("key", "65507", "1");
  client.send("", "ping", "sent");
  await client.waitFor(([opcode, , stamp]) => opcode === "" && stamp === "sent");
  client.socket.terminate();
  const next = await api.attach(id);
  await next.waitFor(isSync);
  typeText(next, "echo plain > keys.txt\n");
  await fileHolds("keys.txt").toBe("plain\n");
  next.send("disconnect");
});

test("a second window of the owner takes over; the first is told and closed with 521, and may take it back", async () => {
  const { id, client } = await start();
  const second = await api.attach(id);
  expect(await client.closed).toEqual({ code: 1008, reason: "521" });
  expect(notices(client).at(-1)).toEqual({ kind: "taken_over" });
  await second.waitFor(isSync);
  typeText(second, "echo second > window.txt\n");
  await fileHolds("window.txt").toBe("second\n");
  const third = await api.attach(id);
  expect((await second.closed).reason).toBe("521");
  await third.waitFor(isSync);
  expect(await api.read(id)).toMatchObject({ status: "active", active_connections: 1 });
  third.send("disconnect");
  await third.closed;
});

test("many windows in turn leave one session, and every one but the last closed", async () => {
  const { id, client } = await start();
  const clients = [client];
  for (let turn = 0; turn < 8; turn++) clients.push(await api.attach(id));
  const last = clients.pop();
  for (const before of clients) expect((await before.closed).reason).toBe("521");
  await last?.waitFor(isSync);
  last?.send("disconnect");
  await last?.closed;
  await expect.poll(() => api.read(id)).toMatchObject({ status: "ended", end_reason: "closed" });
});

test("a target that closes while nobody is there ends the session, and the page that comes finds it ended", async () => {
  const { id, client } = await start();
  typeText(client, "sleep 0.5; exit\n");
  client.socket.terminate();
  await expect
    .poll(() => api.read(id), { timeout: 5_000 })
    .toMatchObject({ end_reason: "target_closed", end_detail: "The shell ended with exit status 0." });
  await expect(api.attach(id)).rejects.toThrow("410");
});

test("DELETE while nobody is there ends it at once", async () => {
  const { id, client } = await start();
  client.socket.terminate();
  await expect.poll(async () => (await api.read(id)).active_connections).toBe(0);
  expect((await api.call("DELETE", `/api/sessions/${id}`)).status).toBe(204);
  expect(await api.read(id)).toMatchObject({ status: "ended", end_reason: "closed" });
});

test("a session made with a size keeps it, whatever window comes", async () => {
  const id = await api.create({ width: 1024, height: 768 });
  const client = await api.attach(id);
  await client.waitFor(isSync);
  client.socket.terminate();
  const next = await api.attach(id, { GUAC_WIDTH: "640", GUAC_HEIGHT: "480" });
  await next.waitFor(isSync);
  next.send("size", "500", "400");
  typeText(next, "stty size > fixed.txt\n");
  await fileHolds("fixed.txt").toMatch(/^\d+ 100\n$/);
  next.send("disconnect");
});

describe("nobody comes back", () => {
  let brief: TestGateway;
  let none: TestGateway;
  beforeAll(async () => {
    [brief, none] = await Promise.all([
      startTestGateway({ SALLYPORT_SESSION_RESUME_SECONDS: "1" }),
      startTestGateway({ SALLYPORT_SESSION_RESUME_SECONDS: "0" }),
    ]);
  });
  afterAll(() => Promise.all([brief.close(), none.close()]));

  test("in time: client_gone, and not before", async () => {
    const there = await apiAt(brief);
    const { id, client } = await start(there);
    client.socket.terminate();
    await expect.poll(async () => (await there.read(id)).active_connections).toBe(0);
    expect((await there.read(id)).status).toBe("active");
    await expect
      .poll(() => there.read(id), { timeout: 5_000 })
      .toMatchObject({ end_reason: "client_gone", end_detail: "It was kept for 1 second." });
  });

  test("where resuming is switched off the lost socket is the end", async () => {
    const there = await apiAt(none);
    const { id, client } = await start(there);
    client.socket.terminate();
    await expect
      .poll(() => there.read(id))
      .toMatchObject({ end_reason: "client_gone", end_detail: "The connection to the browser was lost." });
  });
});
