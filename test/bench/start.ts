// npm run bench:start: how long a start takes when everything is in place. Goal: 3 s from `npm start` to the listening line.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npmStart } from "../support/npm-start.ts";
import { percentile } from "../support/percentile.ts";
import { report, table } from "./parts/report.ts";

const root = new URL("../..", import.meta.url).pathname;
const runs = 5;

const folder = await mkdtemp(join(tmpdir(), "sallyport-bench-"));
try {
  const first = await measure();
  const second: number[] = [];
  for (let run = 0; run < runs; run++) second.push((await measure()).totalSeconds);
  report({
    name: "start",
    conditions: "everything installed and built",
    body: table(
      ["start", "seconds to the listening line"],
      [
        ["the first, with a new data directory", first.totalSeconds.toFixed(2)],
        [`later ones, median of ${runs}`, percentile(second, 0.5).toFixed(2)],
        [`later ones, slowest of ${runs}`, Math.max(...second).toFixed(2)],
      ],
    ),
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
