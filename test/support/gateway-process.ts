import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { withTestGuacd } from "./guacd.ts";
import { endProcess, startCli } from "./run-cli.ts";

const logLine = z.looseObject({ msg: z.string(), level: z.string() });
type LogLine = z.infer<typeof logLine>;

/** A real gateway that serves from `folder`. Whoever starts it calls `end()`. */
export interface GatewayProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** The admin key that a first start shows, else null. */
  readonly firstKey: string | null;
  readonly logs: readonly LogLine[];
  /** All of stdout, once it has ended. */
  readonly stdout: Promise<string>;
  /** Everything on stderr so far. */
  stderr(): string;
  /** Resolves with the first log line of that message, past or future; the test's own time limit bounds it. */
  logged(message: string): Promise<LogLine>;
  /** Resolves with the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `sallyport serve` on a free port, with a guacd address that nobody answers unless `env` says otherwise. */
export const startGatewayProcess = async (
  folder: string,
  { args = [], env = {} }: { args?: string[]; env?: Record<string, string | undefined> } = {},
): Promise<GatewayProcess> => {
  const child = startCli(["serve", ...args], {
    cwd: folder,
    env: withTestGuacd({ SALLYPORT_SERVER_PORT: "0", SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1", ...env }),
  });
  const stdout = text(child.stdout);
  const lines: string[] = [];
  const logs: LogLine[] = [];
  const waiting: { message: string; found: (line: LogLine) => void }[] = [];
  createInterface(child.stderr).on("line", (line) => {
    lines.push(line);
    if (!line.startsWith("{")) return;
    const entry = logLine.parse(JSON.parse(line));
    logs.push(entry);
    for (const { message, found } of waiting) if (message === entry.msg) found(entry);
  });
  const logged = (message: string): Promise<LogLine> =>
    new Promise((found) => {
      const past = logs.find(({ msg }) => msg === message);
      if (past) found(past);
      else waiting.push({ message, found });
    });
  const stderr = (): string => lines.join("\n");

  const listening = await Promise.race([logged("listening"), once(child, "close").then(() => null)]);
  if (!listening) throw new Error(`the gateway ended with code ${child.exitCode}: ${stderr()}`);
  const url = z.string().parse(listening.url);
  // The key is written in the turn of the listening line; an answered request shows that this turn is over.
  await fetch(`${url}/api/health`);
  const firstKey = /^ {4}(sp_\S+)$/m.exec(stderr())?.[1] ?? null;
  return { child, url, firstKey, logs, stdout, stderr, logged, end: (signal) => endProcess(child, signal) };
};
