import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { type GatewayProcess, startGatewayProcess } from "../support/gateway-process.ts";
import { watchHeld } from "../support/held-watch.ts";
import { type OpsClient, opsClient } from "../support/ops-client.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";

// A minute of browsers that do not read or hardly read, with a real guacd and sshd that flood them: what the gateway holds
// stays bounded and its memory level.

const warmUpSeconds = 15;
const seconds = 60;
const mebibyte = 1024 * 1024;

let host: SshHost;
let folder: string;
let ops: OpsClient;
let gateway: GatewayProcess;
beforeAll(async () => {
  host = await startSshHost();
  folder = await mkdtemp(join(tmpdir(), "sallyport-slow-"));
  ops = await opsClient();
  gateway = await startGatewayProcess(folder, {
    env: {
      ...ops.environment,
      SALLYPORT_GUACD_ADDRESSES: "",
      SALLYPORT_TARGETS_SSH_ALLOW: "127.0.0.0/8",
      SALLYPORT_TUNNEL_SLOW_READER_SECONDS: "3600",
      SALLYPORT_TUNNEL_PING_SECONDS: "3600",
    },
  });
});
afterAll(async () => {
  await gateway.end("SIGTERM");
  await host.stop();
  await rm(folder, { recursive: true, force: true });
});

const headers = () => ({ "x-api-key": gateway.firstKey ?? "" });
const attach = async (id: string, query = "GUAC_WIDTH=2000&GUAC_HEIGHT=1500"): Promise<WebSocket> => {
  const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/ws/${id}?${query}`, "guacamole", {
    headers: headers(),
  });
  socket.on("error", () => undefined);
  await once(socket, "open");
  return socket;
};
/** A session whose shell runs a command, once its first picture is there. Its browser answers syncs as long as it reads. */
const start = async (command: string) => {
  const created = await fetch(`${gateway.url}/api/sessions`, {
    method: "POST",
    headers: { ...headers(), "content-type": "application/json" },
    body: JSON.stringify(targetOf(host)),
  });
  const { session_id: id } = z.object({ session_id: z.string() }).parse(await created.json());
  const socket = await attach(id);
  const read = { bytes: 0 };
  const drawn = Promise.withResolvers<void>();
  socket.on("message", (message: Buffer) => {
    read.bytes += message.length;
    const at = message.lastIndexOf("4.sync,");
    if (at < 0) return;
    const [sync = ""] = /^4\.sync,\d+\.\d+/.exec(message.toString("latin1", at, at + 40)) ?? [];
    socket.send(`${sync};`);
    drawn.resolve();
  });
  await drawn.promise;
  for (const character of `${command}\n`) {
    const keysym = String(character === "\n" ? 0xff0d : character.codePointAt(0));
    socket.send(`3.key,${keysym.length}.${keysym},1.1;3.key,${keysym.length}.${keysym},1.0;`);
  }
  return { id, socket, read };
};
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

test("in a minute of floods past slow browsers none costs more than 1 MiB, memory stays level, and who is watched reads on", async () => {
  const flood = "base64 -w 0 /dev/urandom";
  const stopped = await start(flood);
  const slow = await start(flood);
  const watched = await start(flood);
  const held = watchHeld(ops);

  stopped.socket.pause();
  let isReading = true;
  const turns = setInterval(() => {
    isReading = !isReading;
    if (isReading) slow.socket.resume();
    else slow.socket.pause();
  }, 100);
  let watchers = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const watcher = await attach(watched.id, "mode=view");
      watcher.pause();
      watchers++;
      await delay(3_000);
      watcher.terminate();
    }
  })();

  await delay(warmUpSeconds * 1000);
  const readBefore = watched.read.bytes;
  const resident: number[] = [];
  for (const endMs = performance.now() + seconds * 1000; performance.now() < endMs; await delay(1_000))
    resident.push(await ops.value("process_resident_memory_bytes"));
  isOver = true;
  clearInterval(turns);
  await watching;
  await held.stop();

  expect(held.samples).toBeGreaterThan(seconds * 5);
  expect(held.mostBytes.down).toBeGreaterThan(256 * 1024);
  expect(held.mostBytes.down).toBeLessThanOrEqual(mebibyte);
  expect(median(resident.slice(-10)) - median(resident.slice(0, 10))).toBeLessThan(16 * mebibyte);
  expect(watchers).toBeGreaterThan(10);
  expect(watched.read.bytes - readBefore).toBeGreaterThan(mebibyte);
  for (const { socket } of [stopped, slow, watched]) socket.terminate();
});
