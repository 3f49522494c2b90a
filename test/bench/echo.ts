import { setTimeout as delay } from "node:timers/promises";
import type { ClientChannel } from "ssh2";
import { silentLogger } from "../../src/core/log.ts";
import { LoopTurns } from "../../src/ssh/loop-turns.ts";
import { openSshRelay } from "../../src/ssh/relay.ts";
import { openTestClient } from "../support/open-test-client.ts";
import { ms, percentile } from "../support/percentile.ts";
import { guardForMe, openShell, visitRelay } from "../support/relay-visitor.ts";
import { startSshHost } from "../support/ssh-host.ts";
import { pressKey } from "./parts/press-key.ts";
import { report, table } from "./parts/report.ts";

const runs = 5;
const keysPerRun = 200;
/** Between two keys; a fast typist leaves 80 ms. */
const pauseMs = 4;
const goalMs = 2;

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
    turns: new LoopTurns(),
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
  const samples: Awaited<ReturnType<typeof pressInTurns>>[] = [];
  for (let run = 0; run < runs; run++) samples.push(await pressInTurns(directShell.channel, relayedShell.channel));

  const directMs = samples.flatMap((run) => run.direct);
  const relayedMs = samples.flatMap((run) => run.relayed);
  const addedAt = (part: number) => percentile(relayedMs, part) - percentile(directMs, part);
  const addedByRun = samples.map((run) => ms(percentile(run.relayed, 0.95) - percentile(run.direct, 0.95)));
  const cells = (valueAt: (part: number) => number) => [0.5, 0.95].map((part) => `${ms(valueAt(part))} ms`);
  report({
    name: "echo",
    conditions: `${runs} runs of ${keysPerRun} keys each`,
    body: `${table(
      ["connection", "p50", "p95"],
      [
        ["direct SSH", ...cells((part) => percentile(directMs, part))],
        ["through the relay", ...cells((part) => percentile(relayedMs, part))],
        ["added by the relay", ...cells(addedAt)],
      ],
    )}

What the relay added at the 95th percentile, run by run: ${addedByRun.join(", ")} ms.`,
  });
  process.exitCode = addedAt(0.95) <= goalMs ? 0 : 1;
  guacd.end();
  relay.close();
  direct.close();
} finally {
  await host.stop();
}
