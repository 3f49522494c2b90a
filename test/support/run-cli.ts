import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

const command = new URL("../../bin/sallyport", import.meta.url).pathname;

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What stands at its standard input; nothing when absent. */
  readonly input?: string;
}

/** Starts the real command line with an environment that holds nothing of ours but `env`. Whoever calls it ends it. */
export const startCli = (args: readonly string[], { cwd, env = {}, input = "" }: CliOptions) => {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // One that ends before it has read is no fault of the test.
  child.stdin.on("error", () => undefined).end(input);
  return child;
};

/** Runs it to its end; one that does not end within 30 s is killed, and its code is null. */
export const runCli = async (args: readonly string[], options: CliOptions): Promise<CliRun> => {
  const child = startCli(args, options);
  const tooLong = setTimeout(() => child.kill("SIGKILL"), 30_000);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  clearTimeout(tooLong);
  return { code, stdout, stderr };
};

/** Ends a process that a test started and waits for it; resolves with its exit code, null when it had to be killed. */
export const endProcess = async (child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> => {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const closed = once(child, "exit");
  child.kill(signal);
  const tooLong = setTimeout(() => child.kill("SIGKILL"), 15_000);
  const [code] = await closed;
  clearTimeout(tooLong);
  return code;
};
