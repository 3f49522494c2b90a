/**
 * How long it takes until a session that is ended is cut: its browser's socket, its connection to the target, and guacd's
 * process of it. `npm run bench:end`. Goal: browser and target within 50 ms of the DELETE, on one node.
 */
import { once } from "node:events";
import { processesOfSession } from "../../src/core/process-stat.ts";
import { percentile } from "../support/percentile.ts";
import { startRfbServer } from "../support/rfb-server.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import type { TunnelClient } from "../support/tunnel-client.ts";
import { report, table } from "./parts/report.ts";

const sessions = 100;
const goalMs = 50;

type Way = (api: SessionApi, id: string, client: TunnelClient) => unknown;
const ways: Record<string, Way> = {
  DELETE: (api, id) => void api.call("DELETE", `/api/sessions/${id}`),
  End: (_api, _id, client) => client.send("disconnect"),
};

const target = await startRfbServer();
const gateway = await startTestGateway();
try {
  const fields = { session_type: "vnc", hostname: "127.0.0.1", port: target.port };
  const api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, fields);
  const guacd = await gateway.guacdSession();
  const idle = (await processesOfSession(guacd)).length;

  const endOne = async (way: Way) => {
    const id = await api.create();
    const client = await api.attach(id);
    await client.waitFor(isSync);
    const [socket] = target.open;
    if (!socket) throw new Error("the target has no connection");
    const start = performance.now();
    const since = () => performance.now() - start;
    way(api, id, client);
    const [browser, connection, processes] = await Promise.all([
      client.closed.then(since),
      once(socket, "close").then(since),
      untilIdle(guacd, idle).then(since),
    ]);
    return { browser, connection, processes };
  };

  const cuts: string[][] = [];
  let isReached = true;
  for (const [name, way] of Object.entries(ways)) {
    await endOne(way);
    const samples: Awaited<ReturnType<typeof endOne>>[] = [];
    for (let session = 0; session < sessions; session++) samples.push(await endOne(way));
    const rows = {
      "the browser's socket": samples.map(({ browser }) => browser),
      "the connection to the target": samples.map(({ connection }) => connection),
      "guacd's process": samples.map(({ processes }) => processes),
    };
    for (const [what, values] of Object.entries(rows))
      cuts.push([name, what, ...[0.5, 0.95].map((part) => `${percentile(values, part).toFixed(0)} ms`)]);
    isReached &&= percentile(rows["the browser's socket"], 0.95) <= goalMs;
    isReached &&= percentile(rows["the connection to the target"], 0.95) <= goalMs;
  }
  report({
    name: "end",
    conditions: `${sessions} sessions each`,
    body: table(["ended by", "what is cut", "p50", "p95"], cuts),
  });
  process.exitCode = isReached ? 0 : 1;
} finally {
  await gateway.close();
  target.close();
}

async function untilIdle(guacd: number, count: number): Promise<void> {
  while ((await processesOfSession(guacd)).length > count) await new Promise((next) => setTimeout(next, 5));
}
