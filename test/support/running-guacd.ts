import { type ChildProcess, spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { listProcessIds, readProcessStat } from "../../src/core/process-stat.ts";
import { guacdAccount, makeGuacdHome } from "../../src/guacd/guacd-account.ts";
import type { TestCertificate } from "./certificates.ts";
import { guacdPath } from "./guacd.ts";
import { endProcess } from "./run-cli.ts";
import { signalQuietly } from "./signal-quietly.ts";
import { freePort } from "./ssh-host.ts";

/** A real guacd that is not the gateway's own, on a port of loopback that it keeps. */
export interface RunningGuacd {
  /** For `guacd.addresses`. */
  readonly address: string;
  /** How many connections it has. */
  connections(): Promise<number>;
  /** To guacd itself, not to the processes of its sessions. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it and its sessions as a crash does. */
  kill(): Promise<void>;
  /** Starts it again after `kill`. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** With a certificate it speaks TLS. */
export const startRunningGuacd = async (certificate?: TestCertificate): Promise<RunningGuacd> => {
  const port = await freePort();
  const account = await guacdAccount();
  const home = await makeGuacdHome(account);
  const path = await guacdPath();
  const tls = certificate ? ["-C", certificate.certPath, "-K", certificate.keyPath] : [];
  const [program = "", ...wrapper] = ["setpriv", "--pdeathsig", "KILL", ...(certificate ? [] : account.wrapper)];
  const words = [...wrapper, path, "-b", "127.0.0.1", "-l", String(port), "-f", "-L", "warning", ...tls];
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(program, words, { stdio: "ignore", env: { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8" } });
    while (!(await canConnect(port))) {
      if (child.exitCode !== null) throw new Error(`guacd ended at its start with ${child.exitCode}`);
      await delay(20);
    }
  };
  const kill = async () => {
    if (!child) return;
    const all = await childrenOf(child.pid ?? 0);
    await endProcess(child, "SIGKILL");
    for (const pid of all) signalQuietly(pid, "SIGKILL");
  };
  await start();
  return {
    address: `${certificate ? "tls://" : ""}127.0.0.1:${port}`,
    connections: () => establishedAt(port),
    signal: (signal) => void child?.kill(signal),
    kill,
    start,
    stop: async () => {
      await kill();
      await rm(home, { recursive: true, force: true });
    },
  };
};

const canConnect = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });

const childrenOf = async (parent: number): Promise<number[]> => {
  const stats = await Promise.all((await listProcessIds()).map(readProcessStat));
  return stats.filter((stat) => stat?.parentPid === parent).map((stat) => stat?.pid ?? 0);
};

/** By the kernel's table. */
const establishedAt = async (port: number): Promise<number> => {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = (await readFile("/proc/net/tcp", "latin1")).split("\n").map((row) => row.trim().split(/\s+/));
  return rows.filter(([, from, , state]) => from === local && state === "01").length;
};
