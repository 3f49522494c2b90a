import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { endProcess } from "../../support/run-cli.ts";

/** A part of a benchmark in a process of its own. Whoever starts it calls `stop`. */
export interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
  readonly hasExited: boolean;
  /** Sends `message` and gives the answer to it; one at a time. */
  ask(message: string): Promise<unknown>;
  stop(): Promise<void>;
}

const listening = z.object({ port: z.int() });

/** Runs a file of this folder until it has told its port, with the flags for Node that the benchmark itself has: the gateway's. */
export const startProgram = async (file: string, ...args: readonly (string | number)[]): Promise<Program> => {
  const path = new URL(file, import.meta.url).pathname;
  const child = fork(path, args.map(String), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const answer = async () => (await once(child, "message", { signal: AbortSignal.timeout(answerLimitMs) }))[0];
  const { port } = listening.parse(await answer());
  return {
    child,
    pid: child.pid ?? 0,
    port,
    get hasExited() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    ask: (message) => {
      const answered = answer();
      child.send(message);
      return answered;
    },
    stop: async () => void (await endProcess(child)),
  };
};

const answerLimitMs = 60_000;
