import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { HostPlace } from "./hop-network.ts";
import { shellWindow, shellWindowIsThere } from "./shell-window.ts";
import { freePort } from "./ssh-host.ts";
import { type XDisplay, xDisplay } from "./x-display.ts";

export interface VncHostOptions {
  /** Beside the test when absent. */
  readonly place?: HostPlace | undefined;
  /** The first 8 characters count. One of its own when absent; null for a server that asks for none. */
  readonly password?: string | null;
  /** As Xtigervnc's `-SecurityTypes`; what fits the password when absent. */
  readonly securityTypes?: string;
  /** `1024x768` when absent. */
  readonly geometry?: string;
}

/** A real TigerVNC server, on loopback unless it has a place; its whole screen is a shell. */
export interface VncHost {
  readonly host: string;
  readonly port: number;
  /** Empty when it asks for none. */
  readonly password: string;
  /** Where the shell is. */
  readonly home: string;
  readonly display: XDisplay;
  /** What the server wrote so far. */
  log(): string;
  /** Stops everything and removes all files. */
  stop(): Promise<void>;
}

const serverProgram = "Xtigervnc";
const passwordTool = "tigervncpasswd";

export const startVncHost = async (options: VncHostOptions = {}): Promise<VncHost> => {
  const password = options.password === undefined ? randomBytes(6).toString("base64url") : options.password;
  const home = await mkdtemp(join(tmpdir(), "sallyport-vnc-"));
  const programs: ChildProcess[] = [];
  const { address: host, enter } = options.place ?? { address: "127.0.0.1", enter: [] };
  const listenAddress = options.place ? "0.0.0.0" : host;
  const stop = async () => {
    for (const program of programs.splice(0).reverse()) await end(program);
    await rm(home, { recursive: true, force: true });
  };
  try {
    const port = await freePort();
    const output: string[] = [];
    const passwordFile = join(home, ".vnc-password");
    if (password !== null) await writePassword(passwordFile, password);
    const serverArgs = [
      ...["-displayfd", "3", "-rfbport", String(port), "-interface", listenAddress, "-nolisten", "tcp"],
      ...["-geometry", options.geometry ?? "1024x768", "-depth", "24", "-AlwaysShared"],
      ...["-SecurityTypes", options.securityTypes ?? (password === null ? "None" : "VncAuth")],
      ...(password === null ? [] : ["-PasswordFile", passwordFile]),
    ];
    const server = start([...enter, serverProgram, ...serverArgs], { stdio: ["ignore", "ignore", "pipe", "pipe"] });
    programs.push(server);
    const display = xDisplay(`:${await displayNumber(server, output)}`);
    const env = { ...process.env, DISPLAY: display.name, HOME: home };
    programs.push(start([...enter, ...shellWindow], { env, cwd: home, stdio: "ignore" }));
    await shellWindowIsThere(home);
    return { host, port, password: password ?? "", home, display, log: () => output.join("\n"), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Whatever ends this process ends the program too. */
const start = (command: readonly string[], options: SpawnOptions): ChildProcess =>
  spawn("setpriv", ["--pdeathsig", "KILL", ...command], options);

/** What the server tells when it is ready, on the descriptor of its own for that. */
const displayNumber = async (server: ChildProcess, output: string[]): Promise<string> => {
  const [, , errors, ready] = server.stdio;
  if (!(errors instanceof Readable && ready instanceof Readable)) throw new Error("no pipes");
  createInterface({ input: errors }).on("line", (line) => output.push(line));
  const exited = once(server, "exit").then(() => {
    throw new Error(`${serverProgram} ended at its start: ${output.slice(-5).join(" | ")}`);
  });
  const [number] = await Promise.race([once(createInterface({ input: ready }), "line"), exited]);
  return String(number);
};

const writePassword = async (file: string, password: string): Promise<void> => {
  const tool = spawn(passwordTool, ["-f"], { stdio: ["pipe", "pipe", "inherit"] });
  tool.stdin.end(password);
  await writeFile(file, await tool.stdout.toArray(), { mode: 0o600 });
};

/** SIGTERM lets the server remove its socket in /tmp. */
const end = async (program: ChildProcess): Promise<void> => {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const gone = once(program, "exit");
  const limit = setTimeout(() => program.kill("SIGKILL"), 3_000);
  program.kill();
  await gone;
  clearTimeout(limit);
};
