/** How long the API takes: to make, list, open and end sessions, and to be there after a start. `npm run bench:api`. */
import { setTimeout as delay } from "node:timers/promises";
import { percentile } from "../support/percentile.ts";
import { inParallel } from "./parts/in-parallel.ts";
import { residentMb } from "./parts/process-cost.ts";
import { startProgram } from "./parts/program.ts";
import type { RawClient } from "./parts/raw-browser.ts";
import { report, table } from "./parts/report.ts";
import { startBenchGateway, startDirect } from "./parts/ways.ts";

const calls = 200;
const atOnce = 16;
const starts = 5;
/** Before what counts, so that no first compilation is in it. */
const warmCalls = 50;
const idleMs = 5_000;

const timed = async (times: number, run: (index: number) => Promise<number>): Promise<number[]> =>
  inParallel(times, 1, run);

/** Milliseconds from `startMs` to the first picture. */
const firstPicture = (client: RawClient, startMs: number): Promise<number> =>
  new Promise((resolve) => {
    let heard = "";
    client.onData = (payload) => {
      heard += payload.toString("latin1");
      if (heard.includes("4.sync,")) resolve(performance.now() - startMs);
    };
  });

const guacd = await startProgram("replay-guacd.ts");
const startsMs: number[] = [];
const idleMb: number[] = [];
const took: Record<string, number[]> = {};
try {
  for (let run = 0; run < starts; run++) {
    const startMs = performance.now();
    const gateway = await startBenchGateway(guacd.port);
    startsMs.push(performance.now() - startMs);
    await delay(idleMs);
    idleMb.push(residentMb(gateway.pid));
    await gateway.stop();
  }

  const gateway = await startBenchGateway(guacd.port);
  const direct = await startDirect(guacd.port);
  const create = async () => (await gateway.create()).tookMs;
  const list = async () => (await gateway.call("GET", "/api/sessions?limit=1000")).tookMs;
  const attach = async (id: string) => {
    const startMs = performance.now();
    const { client } = await gateway.attach(id);
    return { client, tookMs: await firstPicture(client, startMs) };
  };
  const end = async (id: string, client: RawClient) => {
    const startMs = performance.now();
    const [, closedMs] = await Promise.all([
      gateway.call("DELETE", `/api/sessions/${id}`),
      client.closed.then(() => performance.now()),
    ]);
    return closedMs - startMs;
  };
  try {
    await timed(warmCalls, create);
    await timed(warmCalls, list);
    took["create a session"] = await timed(calls - warmCalls, create);
    took["list 200 sessions"] = await timed(calls, list);
    took[`create, ${atOnce} at once`] = await inParallel(calls * 4, atOnce, create);
    took["list 1,000 sessions"] = await timed(calls, list);
    const [directMs, attachMs, endMs]: number[][] = [[], [], []];
    for (let call = 0; call < warmCalls + calls; call++) {
      const startMs = performance.now();
      const bare = await direct.open("still");
      const bareMs = await firstPicture(bare.client, startMs);
      await bare.close();
      const { id } = await gateway.create();
      const { client, tookMs } = await attach(id);
      const cutMs = await end(id, client);
      if (call < warmCalls) continue;
      directMs?.push(bareMs);
      attachMs?.push(tookMs);
      endMs?.push(cutMs);
    }
    took["first picture, straight from guacd"] = directMs ?? [];
    took["first picture, through the gateway"] = attachMs ?? [];
    took["DELETE to the closed socket"] = endMs ?? [];
  } finally {
    await gateway.stop();
  }
} finally {
  await guacd.stop();
}

const figures = (values: readonly number[]) => [0.5, 0.95].map((part) => percentile(values, part).toFixed(2));
report({
  name: "api",
  conditions: `${calls} calls each unless told otherwise, milliseconds`,
  body: `${table(
    ["what", "p50", "p95"],
    Object.entries(took).map(([what, values]) => [what, ...figures(values)]),
  )}

From the command to the first answer of \`/api/health\`: ${(percentile(startsMs, 0.5) / 1000).toFixed(2)} s, and
${percentile(idleMb, 0.5).toFixed(0)} MB resident ${idleMs / 1000} s later (medians of ${starts} starts with new data directories).`,
});
