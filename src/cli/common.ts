import type { Command } from "commander";

/** What every command takes. */
export interface CommonOptions {
  readonly config?: string;
  readonly json?: true;
  readonly verbose?: true;
}

export const commonOptions = (command: Command): CommonOptions => command.optsWithGlobals<CommonOptions>();

/** What a command answers: `json` with --json, else `text` for people. */
export interface Answer {
  readonly json: unknown;
  readonly text: string;
}

export const print = (command: Command, { json, text }: Answer): void => {
  process.stdout.write(`${commonOptions(command).json ? JSON.stringify(json) : text}\n`);
};

/** A command did its work and found faults, which it has told itself; ends with code 1. */
export class FaultsFound extends Error {
  override readonly name = "FaultsFound";
}

/** Wrong use of the command line; ends with code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
