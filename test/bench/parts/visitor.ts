import { setTimeout as delay } from "node:timers/promises";
import type { ClientChannel } from "ssh2";
import { Secret } from "../../../src/core/secret.ts";
import { openShell, visitRelay } from "../../support/relay-visitor.ts";
import { isSync } from "../../support/session-api.ts";
import { openTunnel } from "../../support/tunnel-client.ts";
import { pressKey } from "./press-key.ts";

export interface VisitedPlace {
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

export interface WatchedSessions {
  readonly urls: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

const keys = 100;
const pauseMs = 4;

const open = async ({ port, username, password }: VisitedPlace) =>
  openShell(await visitRelay({ host: "127.0.0.1", port, username, password: new Secret(password) }));

const tell = (message: unknown): void => void process.send?.(message);

/** Opens the sockets, and answers every further message with the bytes that have come so far. */
const watch = async ({ urls, headers }: WatchedSessions): Promise<void> => {
  let bytes = 0;
  for (const url of urls) {
    const client = await openTunnel(url, headers);
    await client.waitFor(isSync);
    client.socket.on("message", (message) => {
      bytes += String(message).length;
    });
  }
  process.on("message", () => tell(bytes));
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

process.once("message", process.argv[2] === "watch" ? watch : type);
