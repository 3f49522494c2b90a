import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Logger } from "../core/log.ts";
import { type GuacdAccount, guacdAccount, makeGuacdHome } from "./guacd-account.ts";
import { writeTlsLimit } from "./tls-limit.ts";

/** A guacd that we started and that listens on 127.0.0.1. */
export interface GuacdProcess {
  readonly port: number;
  /** Of the sweeper, which leads the session that all of guacd's processes are in. */
  readonly sessionId: number;
  /** Settles when nothing of it is left. */
  readonly ended: Promise<void>;
  /** Ends it, and settles with `ended`. */
  stop(): Promise<void>;
}

/**
 * Starts guacd under its sweeper and waits until it listens. The sweeper holds a pipe from us, so that nothing of guacd
 * outlives us by more than two seconds however we end. Rejects, with nothing left behind, when it does not come up.
 */
export const startGuacdProcess = async (options: {
  path: string;
  /** It can be told which certificate an RDP target has to show; otherwise its TLS stays where somebody else can look. */
  knowsFingerprints: boolean;
  log: Logger;
  signal: AbortSignal;
}): Promise<GuacdProcess> => {
  const { path, knowsFingerprints, log, signal } = options;
  const account = await guacdAccount();
  const port = await freePort();
  const home = await makeGuacdHome(account);
  const tlsLimit = knowsFingerprints ? {} : { OPENSSL_CONF: await writeTlsLimit(home, account) };
  const child = spawnSwept(path, port, account, { HOME: home, ...tlsLimit });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const stop = (): Promise<void> => {
    child.stdin?.destroy();
    return ended;
  };
  if (child.stderr) createInterface(child.stderr).on("line", (line) => logLine(log, line));
  try {
    await listening(child, port, account, AbortSignal.any([signal, AbortSignal.timeout(startLimitMs)]));
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, sessionId: child.pid ?? -1, ended, stop };
};

/** At level warning guacd writes little, and no arguments. What is not its warning is why it cannot run. */
const logLine = (log: Logger, line: string): void => {
  const isWarning = /^guacd\[\d+\]: (WARNING|INFO|DEBUG)/.test(line);
  log[isWarning ? "debug" : "warn"]({ line: line.slice(0, 300) }, "guacd wrote");
};

const sweeper = fileURLToPath(new URL("./sweeper.sh", import.meta.url));

const spawnSwept = (path: string, port: number, account: GuacdAccount, own: NodeJS.ProcessEnv): ChildProcess => {
  // Level info is not only louder: its writes to syslog are what concurrent starts freeze on.
  const guacd = [path, "-b", "127.0.0.1", "-l", String(port), "-f", "-L", "warning"];
  return spawn("/bin/sh", [sweeper, ...account.wrapper, ...guacd], {
    detached: true,
    cwd: "/",
    stdio: ["pipe", "ignore", "pipe"],
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8", ...own },
  });
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no free port on 127.0.0.1");
  return address.port;
};

/** guacd does not tell when it listens, so the kernel's table is read until the port is held by guacd's user. */
const listening = async (
  child: ChildProcess,
  port: number,
  { uid }: GuacdAccount,
  signal: AbortSignal,
): Promise<void> => {
  let hasEnded = false;
  child.once("exit", () => {
    hasEnded = true;
  });
  child.once("error", () => {
    hasEnded = true;
  });
  while ((await listenerUid(port)) !== uid) {
    if (hasEnded) throw new Error("guacd ended before it listened");
    await sleep(pollMs, undefined, { signal });
  }
};

const listenerUid = async (port: number): Promise<number | null> => {
  const table = await readFile("/proc/net/tcp", "latin1");
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const row = table.split("\n").find((line) => line.includes(` ${local} 00000000:0000 0A `));
  const uid = row?.trim().split(/\s+/)[7];
  return uid === undefined ? null : Number(uid);
};

const startLimitMs = 5000;
const pollMs = 20;
