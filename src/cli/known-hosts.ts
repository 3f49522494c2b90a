import type { Command } from "commander";
export const knownHostsCommands = (_: Command): void => undefined;
