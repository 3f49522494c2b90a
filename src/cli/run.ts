import { inspect } from "node:util";
import { Command, CommanderError } from "commander";
import { ConfigError } from "../config/config-error.ts";
import { AppError } from "../core/errors.ts";
import { version } from "../core/version.ts";
import { adminCommands } from "./admins.ts";
import { FaultsFound, UsageError } from "./common.ts";
import { configCommands } from "./config.ts";
import { doctorCommand } from "./doctor.ts";
import { knownHostsCommands } from "./known-hosts.ts";
import { serveCommand } from "./serve.ts";
import { versionCommand } from "./version.ts";

const exitCodes = { done: 0, failed: 1, misused: 2 } as const;

/** Runs one command line (without node and script) and resolves with its exit code. Prints everything itself. */
export const run = async (args: readonly string[]): Promise<number> => {
  const [json, verbose] = [args.includes("--json"), args.includes("--verbose")];
  const help: string[] = [];
  const program = createProgram((text) => (json ? help.push(text) : process.stdout.write(text)));
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      if (json) process.stdout.write(`${JSON.stringify({ help: help.join("") })}\n`);
      return exitCodes.done;
    }
    if (error instanceof FaultsFound) return exitCodes.failed;
    const { code, message } = describe(error);
    process.stderr.write(`${message}\n`);
    if (verbose) process.stderr.write(`${inspect(error)}\n`);
    if (json) process.stdout.write(`${JSON.stringify(jsonOf(error, message))}\n`);
    return code;
  }
};

const createProgram = (writeOut: (text: string) => void): Command => {
  const program = new Command("sallyport")
    .description("Remote-access gateway: SSH sessions to machines behind it, in a browser")
    .option("--config <file>", "configuration file (else $SALLYPORT_CONFIG, else ./sallyport.toml)")
    .option("--json", "print one JSON value instead of text")
    .option("--verbose", "tell more about a failure")
    .version(version, "-V, --version", "show the version")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut, writeErr: () => undefined })
    .exitOverride();
  for (const addCommands of [
    serveCommand,
    configCommands,
    adminCommands,
    knownHostsCommands,
    doctorCommand,
    versionCommand,
  ])
    addCommands(program);
  return program;
};

const describe = (error: unknown): { code: number; message: string } => {
  if (error instanceof CommanderError) return { code: exitCodes.misused, message: usageMessage(error) };
  if (error instanceof UsageError) return { code: exitCodes.misused, message: `sallyport: ${error.message}` };
  if (error instanceof ConfigError) return { code: exitCodes.misused, message: error.message };
  if (error instanceof AppError) {
    const code = error.code === "invalid_request" ? exitCodes.misused : exitCodes.failed;
    return { code, message: `sallyport: ${error.detail}` };
  }
  return { code: exitCodes.failed, message: `sallyport: ${sentenceOf(error)}` };
};

/** Commander's own message, or what to do when only the name of a command group was given. */
const usageMessage = (error: CommanderError): string =>
  error.code === "commander.help"
    ? "sallyport: name a command; sallyport help lists them"
    : `sallyport: ${error.message.replace(/^error: /, "").replace(/\s+/g, " ")}`;

const sentenceOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const known = "code" in error && typeof error.code === "string" ? systemErrors[error.code] : undefined;
  if (known) return known(error);
  const cause = error.cause instanceof Error ? ` (${sentenceOf(error.cause)})` : "";
  return error.message.replace(/\n.*/s, "") + cause;
};

/** What the operating system's errors mean to the person who started the command. */
const systemErrors: Record<
  string,
  ((error: NodeJS.ErrnoException & { address?: string; port?: number }) => string) | undefined
> = {
  EADDRINUSE: ({ address, port }) => `${address}:${port} is in use by another program`,
  EADDRNOTAVAIL: ({ address }) => `${address} is not an address of this machine`,
  EACCES: ({ path, address, port }) => `permission denied: ${path ?? `${address}:${port}`}`,
  ENOENT: ({ path, message }) => (path === undefined ? message : `there is no file ${path}`),
  EROFS: ({ path }) => `${path} is on a read-only file system`,
  ENOSPC: () => "no space is left on the disk",
};

const jsonOf = (error: unknown, message: string): object =>
  error instanceof ConfigError ? { ok: false, faults: error.faults } : { error: message.replace(/^sallyport: /, "") };
