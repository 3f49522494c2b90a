/**
 * How much the way from guacd to a browser lets through, and what that costs: ours, guacamole-lite, and a bare pipe as the
 * limit. They take turns, so that whatever else the machine does hits all alike. `npm run bench:tunnel`.
 */
import { setTimeout as delay } from "node:timers/promises";
import { percentile } from "../support/percentile.ts";
import { cpuSeconds, forgetPeak, peakMb } from "./parts/process-cost.ts";
import { type Program, startProgram } from "./parts/program.ts";
import { report, table } from "./parts/report.ts";
import { type StreamName, streams } from "./parts/streams.ts";
import { type StartWay, startLite, startOurs, startPipe, type Way } from "./parts/ways.ts";

const runs = 5;
const measuredBytes = 320e6;
/** Before that, so that no first compilation is measured. */
const warmBytes = 80e6;
/** The longest warming, for a way that needs longer. */
const warmMs = 5_000;
/** A way that needs longer is stopped and told by what it has done. */
const limitMs = 20_000;

const ways: Record<string, StartWay> = { "bare pipe": startPipe, Sallyport: startOurs, "guacamole-lite": startLite };

interface Sample {
  readonly megabytesPerSecond: number;
  readonly cpuPerGigabyte: number;
  readonly messages: number;
  readonly peakMb: number;
}

/** Null when the process ended instead. */
const measure = async (way: Way, stream: StreamName): Promise<Sample | null> => {
  const pid = way.pid ?? 0;
  const { client, close } = await way.open(`stream, ${stream}, ${(warmBytes + measuredBytes) / 1e6 + 10}`);
  const done = Promise.withResolvers<Sample>();
  let bytes = 0;
  const mark = () => ({ bytes, atMs: performance.now(), cpu: cpuSeconds(pid), messages: client.messages });
  let start: ReturnType<typeof mark> | undefined;
  const beganMs = performance.now();
  const finish = () => {
    if (!start || way.hasExited) return;
    const end = mark();
    const [count, seconds] = [end.bytes - start.bytes, (end.atMs - start.atMs) / 1000];
    done.resolve({
      megabytesPerSecond: count / 1e6 / seconds,
      cpuPerGigabyte: (end.cpu - start.cpu) / (count / 1e9),
      messages: Math.round((end.messages - start.messages) * (measuredBytes / count)),
      peakMb: peakMb(pid),
    });
  };
  forgetPeak(pid);
  client.onData = (payload) => {
    bytes += payload.length;
    if (!start && (bytes >= warmBytes || performance.now() - beganMs > warmMs)) start = mark();
    if (start && bytes >= start.bytes + measuredBytes) finish();
  };
  const limit = setTimeout(finish, limitMs);
  const sample = await Promise.race([done.promise, client.closed.then(() => null)]);
  clearTimeout(limit);
  client.onData = () => undefined;
  if (sample) await close();
  return sample;
};

const guacd: Program = await startProgram("replay-guacd.ts");
const samples: { stream: StreamName; way: string; sample: Sample | null }[] = [];
try {
  for (const stream of Object.keys(streams) as StreamName[])
    for (let run = 0; run < runs; run++)
      for (const [name, start] of Object.entries(ways)) {
        const way = await start(guacd.port);
        try {
          const sample = await measure(way, stream);
          samples.push({ stream, way: name, sample });
          const said = sample ? `${sample.megabytesPerSecond.toFixed(0)} MB/s` : "its process ended";
          process.stderr.write(`${stream}, run ${run + 1}, ${name}: ${said}\n`);
        } finally {
          await way.stop();
        }
        await delay(200);
      }
} finally {
  await guacd.stop();
}

const median = (stream: StreamName, way: string, value: (sample: Sample) => number): number =>
  percentile(
    samples.flatMap((each) => (each.stream === stream && each.way === way && each.sample ? [value(each.sample)] : [])),
    0.5,
  );

const rows = (Object.keys(streams) as StreamName[]).flatMap((stream) =>
  Object.keys(ways).map((way) => {
    if (samples.some((each) => each.stream === stream && each.way === way && each.sample === null))
      return [stream, way, "its process ends", "", "", "", "", ""];
    const [speed, cpu] = [(each: Sample) => each.megabytesPerSecond, (each: Sample) => each.cpuPerGigabyte];
    const ratio = (value: typeof speed) => (median(stream, way, value) / median(stream, "bare pipe", value)).toFixed(2);
    return [
      stream,
      way,
      median(stream, way, speed).toFixed(0),
      ratio(speed),
      median(stream, way, cpu).toFixed(2),
      ratio(cpu),
      String(median(stream, way, (each) => each.messages)),
      median(stream, way, (each) => each.peakMb).toFixed(0),
    ];
  }),
);
report({
  name: "tunnel",
  conditions: `medians of ${runs} runs of ${measuredBytes / 1e6} MB each, in turns`,
  body: table(["stream", "way", "MB/s", "of the pipe", "CPU s/GB", "of the pipe", "messages", "peak MB"], rows),
});
