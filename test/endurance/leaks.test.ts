import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { processesOfSession } from "../../src/core/process-stat.ts";
import { portOf } from "../support/port-of.ts";
import { type RfbServer, startRfbServer } from "../support/rfb-server.ts";
import { answer, isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import type { TunnelClient } from "../support/tunnel-client.ts";
import { until } from "../support/until.ts";

// A thousand sessions, opened and ended in every way, leave nothing behind.

const sessions = 1000;
/** guacd starts them one after another anyway. */
const atOnce = 8;

let good: RfbServer;
let refusing: RfbServer;
let gateway: TestGateway;
let guacdSession: number;
let api: SessionApi;
let admin: SessionApi;
beforeAll(async () => {
  [good, refusing] = await Promise.all([startRfbServer(), startRfbServer({ refuses: true })]);
  gateway = await startTestGateway({
    SALLYPORT_SESSION_RESUME_SECONDS: "1",
    SALLYPORT_SESSION_MAX_PER_USER: "2000",
    SALLYPORT_SESSION_MAX_TOTAL: "2000",
    SALLYPORT_LOG_LEVEL: "error",
  });
  const fields = { session_type: "vnc", hostname: "127.0.0.1", port: good.port };
  api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, fields);
  guacdSession = await gateway.guacdSession();
  admin = sessionApi(gateway, (await gateway.signIn("admin")).cookie);
});
afterAll(async () => {
  await gateway.close();
  good.close();
  refusing.close();
});

const draw = async (id: string): Promise<TunnelClient> => {
  const client = await api.attach(id);
  await client.waitFor(isSync);
  return client;
};
const remove = (by: SessionApi, id: string) => by.call("DELETE", `/api/sessions/${id}`);

/** Every way to an end, with the reason that its row must hold. */
const ways: Record<string, () => Promise<{ id: string; reason: string }>> = {
  "End in the page": async () => {
    const id = await api.create();
    const client = await draw(id);
    client.send("disconnect");
    await client.closed;
    return { id, reason: "closed" };
  },
  "DELETE by the owner": async () => {
    const id = await api.create();
    const client = await draw(id);
    await remove(api, id);
    await client.closed;
    return { id, reason: "closed" };
  },
  "DELETE by an admin who looks on": async () => {
    const id = await api.create();
    const client = await draw(id);
    await until(async () => (await api.read(id)).status === "active", "the session is active");
    const watcher = await admin.attach(id, { mode: "view" });
    await watcher.waitFor(isSync);
    await remove(admin, id);
    await Promise.all([client.closed, watcher.closed]);
    return { id, reason: "terminated" };
  },
  "DELETE while it connects": async () => {
    const id = await api.create();
    const client = await api.attach(id);
    await remove(api, id);
    await client.closed;
    return { id, reason: "closed" };
  },
  "DELETE before anybody came": async () => {
    const id = await api.create();
    await remove(api, id);
    return { id, reason: "closed" };
  },
  "a lost browser that nobody follows": async () => {
    const id = await api.create();
    (await draw(id)).socket.terminate();
    return { id, reason: "client_gone" };
  },
  "a lost browser, a second one that takes over, a third, and End": async () => {
    const id = await api.create();
    (await draw(id)).socket.terminate();
    const second = await draw(id);
    const third = await draw(id);
    await second.closed;
    third.send("disconnect");
    await third.closed;
    return { id, reason: "closed" };
  },
  "a target that refuses the password three times": async () => {
    const id = await api.create({ port: refusing.port, password: "no" });
    const client = await api.attach(id);
    for (const index of [0, 1]) {
      const asked = () => client.received.filter(([opcode]) => opcode === "required").length;
      await until(async () => asked() > index, "a question");
      answer(client, { password: "no" });
    }
    await client.closed;
    return { id, reason: "auth_failed" };
  },
  "a port where nothing listens": async () => {
    const id = await api.create({ port: 1 });
    await (await api.attach(id)).closed;
    return { id, reason: "target_unreachable" };
  },
  "a target that hangs up": async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    const port = await portOf(server);
    const id = await api.create({ port });
    await (await api.attach(id)).closed;
    server.close();
    return { id, reason: "target_unreachable" };
  },
};

const endedAs = (id: string, reason: string) =>
  until(async () => {
    const { status, end_reason, active_connections } = await api.read(id);
    return status === "ended" && end_reason === reason && active_connections === 0;
  }, `ended as ${reason}`);

const run = async (count: number): Promise<void> => {
  const list = Object.entries(ways);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const [name, way] = list[next++ % list.length] ?? [];
      if (!way) continue;
      const { id, reason } = await way();
      await endedAs(id, reason).catch((cause) => {
        throw new Error(`${name}: not ended as ${reason}`, { cause });
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

const collectGarbage = (): void => {
  gateway.forgetLogs();
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  if (typeof gc === "function") for (let turn = 0; turn < 3; turn++) gc();
};

/** What this process, and so the gateway in it, holds open. */
const held = async () => {
  const resources = process.getActiveResourcesInfo();
  const count = (name: string) => resources.filter((resource) => resource === name).length;
  return {
    descriptors: readdirSync("/proc/self/fd").length,
    sockets: count("TCPSocketWrap"),
    servers: count("TCPServerWrap"),
    timers: count("Timeout"),
    guacdProcesses: (await processesOfSession(guacdSession)).length,
    targetConnections: good.open.size + refusing.open.size,
  };
};

test("1,000 sessions ended in every way leave no socket, timer, child or descriptor, and the heap at its start", async () => {
  const { guacdProcesses } = await held();
  await run(100);
  // Looked at from inside a poll, as at the end: a poll has a timer of its own.
  let before = await held();
  await expect
    .poll(
      async () => {
        before = await held();
        return before.guacdProcesses;
      },
      { timeout: 10_000 },
    )
    .toBe(guacdProcesses);
  collectGarbage();
  const heapBefore = process.memoryUsage().heapUsed;

  await run(sessions);

  // Keep-alive connections of this test's own fetches come and go.
  const { sockets: _, descriptors, ...rest } = before;
  await expect
    .poll(
      async () => {
        const { sockets, descriptors: now, ...others } = await held();
        return { ...others, descriptors: Math.max(descriptors, now - Math.max(0, sockets - before.sockets)) };
      },
      { timeout: 20_000, interval: 250 },
    )
    .toEqual({ ...rest, descriptors });
  collectGarbage();
  // A session that were kept would be tens of kilobytes; what is left is bounded: the ring of changes, code that got hot.
  expect((process.memoryUsage().heapUsed - heapBefore) / sessions).toBeLessThan(8_000);
});
