// Stands in for guacd in a process of its own: `read` takes what relays send as fast as it comes and counts it, `type` presses
// keys in two shells in turns and takes the time until each is echoed.
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { ClientChannel } from "ssh2";
import { Secret } from "../../src/core/secret.ts";
import { openShell, visitRelay } from "../support/relay-visitor.ts";

export interface VisitedPlace {
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

const keys = 100;
const pauseMs = 4;

const open = async ({ port, username, password }: VisitedPlace) =>
  openShell(await visitRelay({ host: "127.0.0.1", port, username, password: new Secret(password) }));

const pressKey = async (channel: ClientChannel): Promise<number> => {
  const echoed = once(channel, "data");
  const start = performance.now();
  channel.write("x");
  await echoed;
  return performance.now() - start;
};

const tell = (message: unknown): void => void process.send?.(message);

/** Opens the places, is told to begin, and answers every other message with the bytes that have come so far. */
const read = async (places: readonly VisitedPlace[]): Promise<void> => {
  let bytes = 0;
  const channels: ClientChannel[] = [];
  for (const place of places) {
    const { channel } = await open(place);
    channel.removeAllListeners("data");
    channel.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    channels.push(channel);
  }
  process.on("message", (message) => {
    if (message === "begin") for (const channel of channels) channel.write("\r");
    tell(bytes);
  });
  tell("ready");
};

const type = async (places: readonly VisitedPlace[]): Promise<void> => {
  const channels: ClientChannel[] = [];
  for (const place of places) {
    const { channel, until } = await open(place);
    // Neither prompt nor line editor: the terminal driver itself echoes each key.
    channel.write("stty -icanon echo; echo ready-$((1+1)); exec cat >/dev/null\r");
    await until(/ready-2/);
    await delay(200);
    channels.push(channel);
  }
  const [relayed, direct] = channels;
  if (!relayed || !direct) throw new Error("two places are needed");
  process.on("message", async () => {
    const samples: { relayed: number[]; direct: number[] } = { relayed: [], direct: [] };
    for (let key = 0; key < keys; key++) {
      samples.relayed.push(await pressKey(relayed));
      await delay(pauseMs);
      samples.direct.push(await pressKey(direct));
      await delay(pauseMs);
    }
    tell(samples);
  });
  tell("ready");
};

process.once("message", process.argv[2] === "read" ? read : type);
