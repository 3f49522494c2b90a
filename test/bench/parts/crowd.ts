import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { setPriority } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { promisify } from "node:util";
import { silentLogger } from "../../../src/core/log.ts";
import { LoopTurns } from "../../../src/ssh/loop-turns.ts";
import { openSshRelay } from "../../../src/ssh/relay.ts";
import { openTestClient } from "../../support/open-test-client.ts";
import { ms, percentile } from "../../support/percentile.ts";
import { guardForMine } from "../../support/relay-visitor.ts";
import { sessionApi } from "../../support/session-api.ts";
import { startSshHost } from "../../support/ssh-host.ts";
import { targetOf } from "../../support/target-of.ts";
import { startTestGateway } from "../../support/test-gateway.ts";
import { table } from "./report.ts";
import type { VisitedPlace, WatchedSessions } from "./visitor.ts";

const crowd = 20;
const rounds = 6;
/** How nice browsers and targets are: they would run on machines of their own. */
const elsewhere = 19;
const run = promisify(execFile);

interface Echo {
  readonly relayed: number[];
  readonly direct: number[];
}

interface Measured extends Echo {
  readonly loopMs: number;
}

/**
 * Milliseconds that 20 sessions at full output add to the echo of another's keys at the 99th percentile. The gateway runs in
 * this process, the browsers and the typist in processes of their own. A direct SSH connection beside the typist's relay
 * tells what of it is the busy machine's.
 */
export const measureCrowd = async (): Promise<{ readonly addedMs: number; readonly told: string }> => {
  const turns = new LoopTurns();
  const host = await startSshHost();
  const crowded = await startSshHost({ config: ["MaxStartups 100"] });
  const { port, username, password } = host;
  const gateway = await startTestGateway({ SALLYPORT_LOG_LEVEL: "error", SALLYPORT_SESSION_MAX_PER_USER: "100" });
  const closing: (() => unknown)[] = [];
  const openRelay = async (): Promise<VisitedPlace> => {
    const relay = await openSshRelay({
      client: await openTestClient({ port, username, password }),
      command: null,
      environment: {},
      guard: await guardForMine(),
      channelTimeoutMs: 10_000,
      guacdTimeoutMs: 30_000,
      turns,
      log: silentLogger,
    });
    closing.push(() => relay.close());
    const { endpoint } = relay;
    return { port: endpoint.port, username: endpoint.username ?? "", password: endpoint.password?.reveal() ?? "" };
  };
  const start = (task: "watch" | "type") => {
    const child = fork(new URL("./visitor.ts", import.meta.url), [task]);
    closing.push(() => child.kill());
    return child;
  };
  try {
    const typist = start("type");
    typist.send([await openRelay(), { port, username, password }]);
    await once(typist, "message");
    const measure = async (): Promise<Measured> => {
      const loop = monitorEventLoopDelay({ resolution: 1 });
      loop.enable();
      typist.send("type");
      const [echo]: Echo[] = await once(typist, "message");
      loop.disable();
      return { relayed: echo?.relayed ?? [], direct: echo?.direct ?? [], loopMs: loop.percentile(99) / 1e6 };
    };
    await measure();
    const idle: Measured[] = [];
    const busy: Measured[] = [];
    for (let round = 0; round < rounds; round++) idle.push(await measure());

    const { cookie } = await gateway.signIn("poweruser");
    const command = "exec yes 0123456789012345678901234567890123456789";
    const api = sessionApi(gateway, cookie, { ...targetOf(crowded), command });
    const urls: string[] = [];
    while (urls.length < crowd) urls.push(`${gateway.url}/ws/${await api.create()}?GUAC_WIDTH=1024&GUAC_HEIGHT=768`);
    const reader = start("watch");
    setPriority(reader.pid ?? 0, elsewhere);
    reader.send({ urls, headers: { cookie, origin: gateway.url } } satisfies WatchedSessions);
    await once(reader, "message");
    await moveElsewhere(crowded.username);
    const bytes = async (): Promise<number> => {
      reader.send("count");
      const [count]: number[] = await once(reader, "message");
      return count ?? 0;
    };
    const [fromBytes, fromMs, fromCpu] = [await bytes(), performance.now(), process.cpuUsage()];
    for (let round = 0; round < rounds; round++) busy.push(await measure());
    const seconds = (performance.now() - fromMs) / 1000;
    const { user, system } = process.cpuUsage(fromCpu);
    const speed = ((await bytes()) - fromBytes) / seconds / 2 ** 20;

    const cpu = ((user + system) / 1e6 / seconds).toFixed(2);
    const addedMs = p99(busy) - p99(idle);
    const told = [
      table(heads, [rowOf("none", idle), rowOf(String(crowd), busy)]),
      `Milliseconds; ${addedMs.toFixed(1)} are added at the 99th percentile. The browsers of the ${crowd} get ${speed.toFixed(1)} MB/s, for ${cpu} of a core in the gateway's process.`,
    ];
    return { addedMs, told: told.join("\n\n") };
  } finally {
    for (const close of closing.reverse()) close();
    await gateway.close();
    await host.stop();
    await crowded.stop();
  }
};

/** Also where the kernel gives each session id a share of its own (sched(7), autogroup), in which alone `nice` counts. */
const moveElsewhere = async (user: string): Promise<void> => {
  await run("renice", ["-n", String(elsewhere), "-u", user]);
  const { stdout } = await run("pgrep", ["-u", user]);
  const setShare = (pid: string) => writeFile(`/proc/${pid}/autogroup`, String(elsewhere)).catch(() => undefined);
  await Promise.all(stdout.trim().split("\n").map(setShare));
};

const heads = ["sessions at full output", "relay p50", "p99", "direct p50", "p99", "event loop p99"];

const p99 = (measured: readonly Measured[]): number =>
  percentile(
    measured.flatMap((each) => each.relayed),
    0.99,
  );

const rowOf = (name: string, measured: readonly Measured[]): string[] => {
  const [relayed, direct] = [measured.flatMap((each) => each.relayed), measured.flatMap((each) => each.direct)];
  const times = [relayed, direct].flatMap((values) => [percentile(values, 0.5), percentile(values, 0.99)]);
  const loopMs = Math.max(...measured.map((each) => each.loopMs));
  return [name, ...[...times, loopMs].map(ms)];
};
