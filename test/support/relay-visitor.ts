import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import ssh2, { type Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { type DoorGuard, loopbackPlace } from "../../src/core/door.ts";
import type { PreparedEndpoint } from "../../src/core/endpoint.ts";
import { readProcessStat } from "../../src/core/process-stat.ts";

/** Lets this very process in, as if it were guacd, and no other. */
export const guardForMe = async (): Promise<DoorGuard> => ({
  place: loopbackPlace,
  processId: (await readProcessStat(process.pid))?.sessionId ?? 0,
  isDescendant: async (pid) => pid === process.pid,
});

/** The same, and the processes that it starts. */
export const guardForMine = async (): Promise<DoorGuard> => {
  const isMine = async (pid: number): Promise<boolean> =>
    pid === process.pid || (pid > 1 && isMine((await readProcessStat(pid))?.parentPid ?? 0));
  return { ...(await guardForMe()), isDescendant: isMine };
};

/** Signs in to a relay as guacd's libssh2 does, or as told. */
export const visitRelay = async (endpoint: PreparedEndpoint, options: ConnectConfig = {}): Promise<Client> => {
  const client = new ssh2.Client();
  const ready = once(client, "ready");
  client.on("error", () => undefined);
  const failed = once(client, "close").then(() => {
    throw new Error("the relay closed the connection");
  });
  client.on("connect", () => client.setNoDelay(true));
  client.connect({
    host: endpoint.host,
    port: endpoint.port,
    username: endpoint.username ?? "",
    password: endpoint.password?.reveal() ?? "",
    ...options,
  });
  failed.catch(() => undefined);
  await Promise.race([ready, failed]);
  return client;
};

/** A terminal of 80 × 24 behind the relay, and all that it has printed. */
export const openShell = async (
  client: Client,
  env: NodeJS.ProcessEnv = {},
): Promise<{ channel: ClientChannel; seen: () => string; until: (wanted: RegExp) => Promise<string> }> => {
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    const window = { term: "xterm-256color", cols: 80, rows: 24, width: 640, height: 480, modes: { VERASE: 127 } };
    client.shell(window, { env }, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  let output = "";
  channel.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    channel.emit("printed");
  });
  const until = async (wanted: RegExp): Promise<string> => {
    for (;;) {
      const found = wanted.exec(output);
      if (found) return found[1] ?? found[0];
      await once(channel, "printed", { signal: AbortSignal.timeout(8_000) });
    }
  };
  return { channel, seen: () => output, until };
};

/** What another local process gets that connects to a port: `refused`, `cut` or `served`. */
export const tryFromAnotherProcess = async (port: number): Promise<string> => {
  const script = `
    const socket = require("node:net").connect(${port}, "127.0.0.1");
    const say = (word) => { console.log(word); process.exit(0); };
    socket.on("error", (error) => say(error.code === "ECONNREFUSED" ? "refused" : "cut"));
    socket.on("data", () => say("served"));
    socket.on("end", () => say("cut"));
    socket.on("close", () => say("cut"));
    socket.write("SSH-2.0-Intruder\\r\\n");`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  return (await text(child.stdout)).trim();
};
