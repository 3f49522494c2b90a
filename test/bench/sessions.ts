/**
 * What many sessions at once cost, and how long pictures and keys are on their way through them: ours beside a bare pipe and
 * beside nothing at all, in turns. `npm run bench:sessions`.
 */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { percentile } from "../support/percentile.ts";
import { inParallel } from "./parts/in-parallel.ts";
import { PacedBrowser } from "./parts/paced-browser.ts";
import { Pacer } from "./parts/pacer.ts";
import { cpuSeconds, residentMb } from "./parts/process-cost.ts";
import { type Program, startProgram } from "./parts/program.ts";
import { report, table } from "./parts/report.ts";
import { type StartWay, startDirect, startOurs, startPipe, type Way } from "./parts/ways.ts";

const runs = 5;
const windowMs = 5_000;
/** In which Node compiles what is called often. */
const settleMs = 4_000;
const opensAtOnce = 16;
/** A fast typist presses eight in a second. */
const keyEveryMs = 200;

const loads = [
  { sessions: 10, bytesPerSecond: 30_000 },
  { sessions: 100, bytesPerSecond: 30_000 },
  { sessions: 50, bytesPerSecond: 300_000 },
  { sessions: 300, bytesPerSecond: 30_000 },
  { sessions: 1000, bytesPerSecond: 30_000 },
];
type Load = (typeof loads)[number];

const ways: Record<string, StartWay> = { direct: startDirect, "bare pipe": startPipe, Sallyport: startOurs };

interface Sample {
  readonly frames: number;
  readonly pictureP50: number;
  readonly pictureP99: number;
  readonly keyP50: number;
  readonly keyP99: number;
  /** Processors used. */
  readonly cpu: number;
  readonly idleMb: number;
  readonly residentMb: number;
}

const microseconds = z.array(z.number());

const measure = async (way: Way, guacd: Program, { sessions, bytesPerSecond }: Load): Promise<Sample> => {
  const { pid } = way;
  const idleMb = pid === null ? 0 : residentMb(pid);
  await guacd.ask("hold");
  const browsers = await inParallel(sessions, opensAtOnce, async () => {
    const { client } = await way.open(`paced, ${bytesPerSecond}`);
    return new PacedBrowser(client);
  });
  await Promise.all(browsers.map(({ begun }) => begun));
  await guacd.ask("play");
  const keys = new Pacer<PacedBrowser>(keyEveryMs, (browser) => browser.pressKey());
  for (const browser of browsers) keys.add(browser);
  await delay(settleMs);

  await guacd.ask("keys");
  for (const browser of browsers) browser.forget();
  const start = { atMs: performance.now(), cpu: pid === null ? 0 : cpuSeconds(pid) };
  await delay(windowMs);
  const seconds = (performance.now() - start.atMs) / 1000;
  const cpu = pid === null ? 0 : (cpuSeconds(pid) - start.cpu) / seconds;
  const frames = browsers.flatMap(({ framesUs }) => framesUs.map((us) => us / 1000));
  const keysMs = microseconds.parse(await guacd.ask("keys")).map((us) => us / 1000);
  keys.stop();
  for (const browser of browsers) browser.leave();
  return {
    frames: frames.length / sessions / seconds,
    pictureP50: percentile(frames, 0.5),
    pictureP99: percentile(frames, 0.99),
    keyP50: percentile(keysMs, 0.5),
    keyP99: percentile(keysMs, 0.99),
    cpu,
    idleMb,
    residentMb: pid === null ? 0 : residentMb(pid),
  };
};

const samples: { load: Load; way: string; sample: Sample }[] = [];
const guacd = await startProgram("replay-guacd.ts");
try {
  for (let run = 0; run < runs; run++)
    for (const load of loads)
      for (const [name, start] of Object.entries(ways)) {
        const way = await start(guacd.port);
        try {
          const sample = await measure(way, guacd, load);
          samples.push({ load, way: name, sample });
          const { frames, pictureP99, keyP50 } = sample;
          const facts = [
            `${frames.toFixed(1)} frames/s`,
            `picture p99 ${pictureP99.toFixed(2)}`,
            `key p50 ${keyP50.toFixed(2)} ms`,
          ];
          process.stderr.write(
            `run ${run + 1}, ${load.sessions} × ${load.bytesPerSecond / 1000} KB/s, ${name}: ${facts.join(", ")}\n`,
          );
        } finally {
          await way.stop();
        }
      }
} finally {
  await guacd.stop();
}

const median = (load: Load, way: string, value: (sample: Sample) => number): number =>
  percentile(
    samples.filter((each) => each.load === load && each.way === way).map(({ sample }) => value(sample)),
    0.5,
  );

const values = [
  (sample: Sample) => sample.pictureP50,
  (sample: Sample) => sample.pictureP99,
  (sample: Sample) => sample.keyP50,
  (sample: Sample) => sample.keyP99,
];
const rows = loads.flatMap((load) =>
  Object.keys(ways).map((way) => [
    `${load.sessions} × ${load.bytesPerSecond / 1000} KB/s`,
    way,
    median(load, way, ({ frames }) => frames).toFixed(1),
    ...values.map((value) => median(load, way, value).toFixed(2)),
    way === "direct" ? "" : median(load, way, ({ cpu }) => cpu * 100).toFixed(0),
    way === "direct"
      ? ""
      : median(load, way, (sample) => (sample.residentMb - sample.idleMb) / load.sessions).toFixed(3),
  ]),
);
const [few, many] = [300, 1000].map((sessions) => loads.find((load) => load.sessions === sessions));
const marginal = Object.keys(ways)
  .filter((way) => way !== "direct")
  .map((way) => {
    if (!few || !many) return "";
    const resident = (load: Load) => median(load, way, (sample) => sample.residentMb);
    return `${way} ${((resident(many) - resident(few)) / (many.sessions - few.sessions)).toFixed(3)} MB`;
  });
const added = loads.map((load) => {
  const more = (way: string) =>
    median(load, way, ({ pictureP99 }) => pictureP99) - median(load, "direct", ({ pictureP99 }) => pictureP99);
  return `${(more("Sallyport") / more("bare pipe")).toFixed(2)} at ${load.sessions} × ${load.bytesPerSecond / 1000} KB/s`;
});
report({
  name: "sessions",
  conditions: `medians of ${runs} runs of ${windowMs / 1000} s each, in turns; milliseconds`,
  body: `${table(
    ["load", "way", "frames/s", "picture p50", "p99", "key p50", "p99", "CPU % of a core", "MB a session"],
    rows,
  )}

What is added to the direct picture's p99, by Sallyport over by the pipe: ${added.join(", ")}. One more session from 300 to
1,000 takes: ${marginal.join(", ")}.`,
});
