import { spawn } from "node:child_process";
import { once } from "node:events";

export interface StartedGateway {
  readonly url: string;
  /** Everything said on stderr until now, the set-up's words included. */
  said(): string;
  /** Ends it as a service manager would and resolves with npm's exit code; null after a signal of ours. */
  stop(): Promise<number | null>;
}

/** Runs `npm start` in a clone and waits for its listening line; `signal` ends the wait and the gateway. */
export const npmStart = async (
  root: string,
  { env, signal }: { env: Readonly<Record<string, string>>; signal: AbortSignal },
): Promise<StartedGateway> => {
  const child = spawn("npm", ["start"], {
    cwd: root,
    env: { ...process.env, SALLYPORT_SERVER_PORT: "0", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "close");
  let text = "";
  const url = new Promise<string | undefined>((resolve) => {
    child.stderr.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const found = text.split("\n").map(listeningUrl).find(Boolean);
      if (found) resolve(found);
    });
    child.once("close", () => resolve(undefined));
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const stop = async (): Promise<number | null> => {
    child.kill("SIGTERM");
    const [code] = await ended;
    return code;
  };

  const found = await url;
  if (found) return { url: found, said: () => text, stop };
  await stop();
  throw new Error(`npm start did not reach its listening line${signal.aborted ? " in time" : ""}:\n${text}`);
};

/** The URL of a whole log line with the message "listening". */
const listeningUrl = (line: string): string | undefined => {
  if (!line.startsWith("{") || !line.endsWith("}")) return undefined;
  const entry: unknown = JSON.parse(line);
  if (typeof entry !== "object" || entry === null || !("msg" in entry) || entry.msg !== "listening") return undefined;
  return "url" in entry && typeof entry.url === "string" ? entry.url : undefined;
};
