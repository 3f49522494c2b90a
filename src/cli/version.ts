import type { Command } from "commander";
import { version } from "../core/version.ts";
import { print } from "./common.ts";

export const versionCommand = (program: Command): void => {
  program
    .command("version")
    .description("show the version")
    .action((_: unknown, command: Command) =>
      print(command, { json: { version, node: process.versions.node }, text: `sallyport ${version}` }),
    );
};
