// npm run bench:start: how long a start takes when everything is in place. Goal: 3 s from `npm start` to the listening line.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npmStart } from "../support/npm-start.ts";

const root = new URL("../..", import.meta.url).pathname;
const runs = 5;

const folder = await mkdtemp(join(tmpdir(), "sallyport-bench-"));
try {
  const first = await measure();
  const second: number[] = [];
  for (let run = 0; run < runs; run++) second.push((await measure()).totalSeconds);
  console.table({
    "first start: makes key file, database and admin key": { seconds: first.totalSeconds.toFixed(2) },
    [`later start: median of ${runs}`]: { seconds: median(second).toFixed(2) },
    "later start: slowest": { seconds: Math.max(...second).toFixed(2) },
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure() {
  const start = performance.now();
  const env = { SALLYPORT_SERVER_DATA_DIR: join(folder, "data") };
  const gateway = await npmStart(root, { env, signal: AbortSignal.timeout(120_000) });
  const totalSeconds = (performance.now() - start) / 1000;
  await gateway.stop();
  return { totalSeconds };
}

function median(values: readonly number[]) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
