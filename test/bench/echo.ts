/**
 * How long a key takes until it is seen: through the relay, as guacd does it, beside a direct SSH connection to the same
 * server. Keys go to both in turns, so that whatever else the machine does hits both alike. `npm run bench:echo`.
 */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { ClientChannel } from "ssh2";
import { silentLogger } from "../../src/core/log.ts";
import { openSshRelay } from "../../src/ssh/relay.ts";
import { openTestClient } from "../support/open-test-client.ts";
import { ms, percentile } from "../support/percentile.ts";
import { guardForMe, openShell, visitRelay } from "../support/relay-visitor.ts";
import { startSshHost } from "../support/ssh-host.ts";

const runs = 5;
const keysPerRun = 200;
/** Between two keys; a fast typist leaves 80 ms. */
const pauseMs = 4;
const goalMs = 2;

const pressKey = async (channel: ClientChannel): Promise<number> => {
  const echoed = once(channel, "data");
  const start = performance.now();
  channel.write("x");
  await echoed;
  return performance.now() - start;
};

/** One key here, one there, who is first changing each time. */
const pressInTurns = async (direct: ClientChannel, relayed: ClientChannel) => {
  const samples: { direct: number[]; relayed: number[] } = { direct: [], relayed: [] };
  for (let index = 0; index < keysPerRun; index++) {
    const turns = [
      async () => void samples.direct.push(await pressKey(direct)),
      async () => void samples.relayed.push(await pressKey(relayed)),
    ];
    for (const press of index % 2 === 0 ? turns : turns.reverse()) {
      await press();
      await delay(pauseMs);
    }
  }
  return samples;
};

const host = await startSshHost();
try {
  const { port, username, password } = host;
  const direct = await openTestClient({ port, username, password });
  const relayed = await openTestClient({ port, username, password });
  const relay = await openSshRelay({
    client: relayed,
    command: null,
    environment: {},
    guard: await guardForMe(),
    channelTimeoutMs: 10_000,
    guacdTimeoutMs: 10_000,
    log: silentLogger,
  });
  const guacd = await visitRelay(relay.endpoint);
  const shells = [await openShell(direct.connection), await openShell(guacd)] as const;
  for (const { channel, until } of shells) {
    // Neither prompt nor line editor: the terminal driver itself echoes each key.
    channel.write("stty -icanon echo; echo ready-$((1+1)); exec cat >/dev/null\r");
    await until(/ready-2/);
    await delay(200);
  }
  const [directShell, relayedShell] = shells;
  await pressInTurns(directShell.channel, relayedShell.channel);
  const table: { run: string; direct: number[]; relayed: number[] }[] = [];
  for (let run = 1; run <= runs; run++) {
    table.push({ run: String(run), ...(await pressInTurns(directShell.channel, relayedShell.channel)) });
  }
  table.push({ run: "all", direct: table.flatMap((row) => row.direct), relayed: table.flatMap((row) => row.relayed) });

  console.log("| run | direct p50 | p95 | relay p50 | p95 | added p50 | added p95 |\n|---|---|---|---|---|---|---|");
  for (const row of table) {
    const [d50, d95] = [percentile(row.direct, 0.5), percentile(row.direct, 0.95)];
    const [r50, r95] = [percentile(row.relayed, 0.5), percentile(row.relayed, 0.95)];
    console.log(`| ${[row.run, ms(d50), ms(d95), ms(r50), ms(r95), ms(r50 - d50), ms(r95 - d95)].join(" | ")} |`);
  }
  const all = table.at(-1);
  const added = percentile(all?.relayed ?? [], 0.95) - percentile(all?.direct ?? [], 0.95);
  console.log(`\nMilliseconds, ${keysPerRun} keys a run. Added p95 ${ms(added)} ms; the goal is ${goalMs} ms.`);
  process.exitCode = added <= goalMs ? 0 : 1;
  guacd.end();
  relay.close();
  direct.close();
} finally {
  await host.stop();
}
