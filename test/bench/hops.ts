/**
 * What hops cost: throughput and connect time of an SSH session through one to three of them, beside OpenSSH's `ssh -J`
 * through the same servers, in turns; and what 20 sessions at full output do to the keys of another. `npm run bench:hops`.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Secret } from "../../src/core/secret.ts";
import { createDirectRoad } from "../../src/roads/direct-road.ts";
import { resolveName } from "../../src/roads/resolve-name.ts";
import { createTargetPolicy } from "../../src/roads/target-policy.ts";
import { openHopChain } from "../../src/ssh/hop-chain.ts";
import { prepareHostKeyCheck } from "../../src/ssh/host-key.ts";
import { LoopTurns } from "../../src/ssh/loop-turns.ts";
import { openSshClient } from "../../src/ssh/ssh-client.ts";
import { makeHopNetwork } from "../support/hop-network.ts";
import { hostKeyMemory } from "../support/host-key-memory.ts";
import { percentile } from "../support/percentile.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { measureCrowd } from "./parts/crowd.ts";
import { report, table } from "./parts/report.ts";

const runs = 5;
const counts = [1, 2, 3];
const megabytes = 128;
/** One byte that says that the session is there, then the rest. */
const command = `printf x; exec head -c ${megabytes << 20} /dev/zero`;
const heads = ["hops", "gateway", "`ssh -J`", "ratio", "`ssh -J`, AES-GCM", "connect: gateway", "`ssh -J`", "ratio"];
const goals = { throughput: 0.5, connect: 1.5, addedKeyMs: 5 };

interface Sample {
  readonly connectMs: number;
  readonly megabytesPerSecond: number;
}

const run = promisify(execFile);
const median = (values: readonly number[]) => percentile(values, 0.5);
const sampleOf = (startMs: number, firstMs: number, endMs: number): Sample => ({
  connectMs: firstMs - startMs,
  megabytesPerSecond: megabytes / ((endMs - firstMs) / 1000),
});

const throughGateway = async (
  hops: readonly SshHost[],
  target: { host: string } & Pick<SshHost, "username">,
  privateKey: Secret<string>,
) => {
  const { signal } = new AbortController();
  const limits = { connectMs: 10_000, keyExchangeMs: 10_000, authMs: 10_000 };
  const trust = hostKeyMemory();
  const turns = new LoopTurns();
  const policy = createTargetPolicy({ allow: { hops: ["10.0.0.0/8"] }, ownListeners: () => [] });
  const startMs = performance.now();
  const chain = await openHopChain({
    hops: hops.map(({ host, username }) => ({
      host,
      port: 22,
      username,
      hostKey: null,
      password: null,
      privateKey,
      passphrase: null,
    })),
    road: createDirectRoad({ policy, protocol: "hops", resolve: resolveName, connectTimeoutMs: limits.connectMs }),
    check: () => undefined,
    trust,
    seenBy: "bench",
    timeouts: limits,
    signal,
    turns,
    onHop: () => undefined,
    onLost: () => undefined,
  });
  const place = { host: target.host, port: 22 };
  const client = await openSshClient({
    stream: await chain.forward(place, signal),
    target: place,
    credentials: { username: target.username, password: null, privateKey, passphrase: null },
    hostKeyCheck: await prepareHostKeyCheck({
      trust,
      path: "x",
      target: place,
      pinnedLine: null,
      seenBy: "x",
    }),
    timeouts: limits,
    signal,
    turns,
  });
  const ended = Promise.withResolvers<void>();
  let firstMs = 0;
  client.connection.exec(command, (error, channel) => {
    if (error) return ended.reject(error);
    channel.once("data", () => {
      firstMs = performance.now();
    });
    channel.resume().once("end", ended.resolve);
  });
  await ended.promise;
  const sample = sampleOf(startMs, firstMs, performance.now());
  client.close();
  chain.close();
  return sample;
};

/** The shell takes the times, so that no byte of it goes through this process. */
const throughOpenSsh = async (
  configFile: string,
  hops: readonly SshHost[],
  target: { host: string } & Pick<SshHost, "username">,
) => {
  const jumps = hops.map(({ host, username }) => `${username}@${host}`).join(",");
  const script = `
    start=$(date +%s%N)
    ssh -F "$1" -J "$2" "$3" "$4" | {
      dd bs=1 count=1 of=/dev/null status=none; first=$(date +%s%N)
      cat >/dev/null; echo "$start $first $(date +%s%N)"
    }`;
  const args = ["-c", script, "sh", configFile, jumps, `${target.username}@${target.host}`, command];
  const [start = 0, first = 0, end = 0] = (await run("bash", args)).stdout.split(" ").map((time) => Number(time) / 1e6);
  return sampleOf(start, first, end);
};

const folder = await mkdtemp(join(tmpdir(), "sallyport-bench-hops-"));
const network = await makeHopNetwork(3);
const started: SshHost[] = [];
try {
  const keyFile = join(folder, "key");
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", keyFile]);
  const privateKey = new Secret(await readFile(keyFile, "utf8"));
  const authorizedKeys = [await readFile(`${keyFile}.pub`, "utf8")];
  for (const place of [...network.hops, network.target])
    started.push(await startSshHost({ place, port: 22, authorizedKeys }));
  const hosts = started.slice(0, 3);
  const target = started.at(-1);
  if (!target) throw new Error("no target");
  const settings = [
    `IdentityFile ${keyFile}`,
    "StrictHostKeyChecking no",
    "UserKnownHostsFile /dev/null",
    "LogLevel ERROR",
  ];
  const configFile = async (name: string, more: readonly string[] = []) => {
    const file = join(folder, name);
    await writeFile(file, ["Host *", ...settings, ...more, ""].join("\n"));
    return file;
  };
  const usual = await configFile("usual");
  const sameCipher = await configFile("same-cipher", ["Ciphers aes128-gcm@openssh.com"]);

  const rows: string[][] = [];
  let isReached = true;
  for (const count of counts) {
    const hops = hosts.slice(0, count);
    const end = { host: network.targetBehind(count), username: target.username };
    const contenders = {
      gateway: () => throughGateway(hops, end, privateKey),
      openSsh: () => throughOpenSsh(usual, hops, end),
      sameCipher: () => throughOpenSsh(sameCipher, hops, end),
    };
    const samples: Record<keyof typeof contenders, Sample[]> = { gateway: [], openSsh: [], sameCipher: [] };
    for (let turn = 0; turn <= runs; turn++) {
      const order = (["gateway", "openSsh", "sameCipher"] as const).map((name) => ({
        name,
        measure: contenders[name],
      }));
      for (const { name, measure } of turn % 2 === 0 ? order : order.reverse()) {
        const sample = await measure();
        // The first turn warms up.
        if (turn > 0) samples[name].push(sample);
      }
    }
    const speed = (name: keyof typeof samples) =>
      median(samples[name].map(({ megabytesPerSecond }) => megabytesPerSecond));
    const connect = (name: keyof typeof samples) => median(samples[name].map(({ connectMs }) => connectMs));
    const ratios = { speed: speed("gateway") / speed("openSsh"), connect: connect("gateway") / connect("openSsh") };
    rows.push([
      ...[
        String(count),
        `${speed("gateway").toFixed(0)} MB/s`,
        `${speed("openSsh").toFixed(0)} MB/s`,
        ratios.speed.toFixed(2),
      ],
      `${speed("sameCipher").toFixed(0)} MB/s`,
      ...[`${connect("gateway").toFixed(0)} ms`, `${connect("openSsh").toFixed(0)} ms`, ratios.connect.toFixed(2)],
    ]);
    if (count === 2) isReached &&= ratios.speed >= goals.throughput;
    isReached &&= ratios.connect <= goals.connect;
  }

  const crowd = await measureCrowd();
  report({
    name: "hops",
    conditions: `medians of ${runs} runs of ${megabytes} MB`,
    body: [table(heads, rows), crowd.told].join("\n\n"),
  });
  process.exitCode = isReached && crowd.addedMs <= goals.addedKeyMs ? 0 : 1;
} finally {
  await Promise.all(started.map((host) => host.stop()));
  await network.close();
  await rm(folder, { recursive: true });
}
