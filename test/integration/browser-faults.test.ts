import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type CutProxy, startCutProxy } from "../support/cut-proxy.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { openTunnel, type TunnelClient, typeText } from "../support/tunnel-client.ts";

// What a browser can do wrong, and what becomes of it, of its session and of everybody else, with a real guacd and sshd.

let host: SshHost;
let network: CutProxy;
let gateway: TestGateway;
let api: SessionApi;
let cookie: string;
beforeAll(async () => {
  host = await startSshHost();
  network = await startCutProxy();
});
afterEach(() => gateway.close());
afterAll(async () => {
  network.close();
  await host.stop();
});

const startGateway = async (environment: Readonly<Record<string, string>>) => {
  gateway = await startTestGateway(environment);
  network.lead(Number(new URL(gateway.url).port));
  cookie = (await gateway.signIn("poweruser")).cookie;
  api = sessionApi(gateway, cookie, targetOf(host));
};

const shown = async (client: TunnelClient): Promise<TunnelClient> => {
  await client.waitFor(isSync);
  return client;
};
const start = async (query: Readonly<Record<string, string>> = {}) => {
  const id = await api.create();
  const client = await shown(await api.attach(id, query));
  await expect.poll(async () => (await api.read(id)).status).toBe("active");
  return { id, client };
};
const fileHolds = (name: string) =>
  expect.poll(() => readFile(join(host.home, name), "utf8").catch(() => ""), { timeout: 10_000 });
/** That the session is alive from the browser to the shell. */
const writes = async (client: TunnelClient, name: string) => {
  typeText(client, `echo ${name} > ${name}\n`);
  await fileHolds(name).toBe(`${name}\n`);
};
/** The session has lost its browser, is kept, and comes back to the next one. */
const isKept = async (id: string, name: string) => {
  expect(await api.read(id)).toMatchObject({ status: "active", active_connections: 0, end_reason: null });
  const back = await shown(await api.attach(id));
  await writes(back, name);
  back.send("disconnect");
  await back.closed;
};
const detachments = () =>
  gateway
    .logs()
    .split("\n")
    .filter((line) => line.includes('"browser detached"'))
    .map((line) => JSON.parse(line).cause);

test("a browser that stops reading is cut when its time is over; its session waits for it, others work on", async () => {
  await startGateway({ SALLYPORT_TUNNEL_SLOW_READER_SECONDS: "2", SALLYPORT_TUNNEL_PING_SECONDS: "60" });
  const other = await start();
  const { id, client } = await start({ GUAC_WIDTH: "2000", GUAC_HEIGHT: "1500" });
  // Characters in random order are the most that a terminal has to draw.
  typeText(client, "while [ ! -e enough ]; do head -c 200000 /dev/urandom | base64 -w 0; done\n");
  client.socket.pause();
  const startMs = performance.now();
  let written = 0;
  while ((await api.read(id)).active_connections > 0) await writes(other.client, `beside-${written++}`);
  expect(performance.now() - startMs).toBeGreaterThan(2_000);
  expect(detachments()).toEqual(["slow"]);
  await writeFile(join(host.home, "enough"), "");
  await isKept(id, "after-slow");
  other.client.send("disconnect");
}, 60_000);

test("a browser that vanishes without a word is noticed by its pings; its session waits for it", async () => {
  await startGateway({ SALLYPORT_TUNNEL_PING_SECONDS: "1" });
  const id = await api.create();
  const url = `http://127.0.0.1:${network.port}/ws/${id}?GUAC_WIDTH=800&GUAC_HEIGHT=600`;
  const client = await shown(await openTunnel(url, { cookie, origin: gateway.url, host: new URL(gateway.url).host }));
  await expect.poll(async () => (await api.read(id)).status).toBe("active");
  network.swallow();
  await expect.poll(async () => (await api.read(id)).active_connections).toBe(0);
  expect(detachments()).toEqual(["silent"]);
  // Nobody was there to be told.
  expect(client.socket.readyState).toBe(client.socket.OPEN);
  await isKept(id, "after-silence");
  client.socket.terminate();
});

test("a browser that floods keys at a target that reads none stays attached and holds nobody up", async () => {
  await startGateway({ SALLYPORT_TUNNEL_PING_SECONDS: "1" });
  const other = await start();
  const { id, client } = await start();
  typeText(client, "stty -echo; echo asleep > asleep; sleep 1000\n");
  await fileHolds("asleep").toBe("asleep\n");
  const pings = new Promise<void>((resolve) => {
    let left = 5;
    client.socket.on("ping", () => --left === 0 && resolve());
  });
  const keys = "3.key,2.97,1.1;3.key,2.97,1.0;".repeat(1_000);
  for (let count = 0; count < 30; count++) client.socket.send(keys);
  for (let count = 0; count < 5; count++) await writes(other.client, `meanwhile-${count}`);
  await pings;
  expect(await api.read(id)).toMatchObject({ status: "active", active_connections: 1 });
  expect((await api.call("DELETE", `/api/sessions/${id}`)).status).toBe(204);
  await client.closed;
  other.client.send("disconnect");
}, 60_000);
