import type { Command } from "commander";
import { stringify } from "smol-toml";
import { configKeys } from "../config/keys.ts";
import { loadConfig } from "../config/load.ts";
import { setPath, type Table } from "../config/paths.ts";
import { commonOptions, print } from "./common.ts";

/** The configuration as the gateway would read it from here. */
export const configCommands = (program: Command): void => {
  const config = program.command("config").description("check or show the configuration");
  config
    .command("check")
    .description("read the configuration and report every fault")
    .action((_: unknown, command: Command) => {
      const { file } = load(command);
      print(command, {
        json: { ok: true, file, faults: [] },
        text: `The configuration is good (${file ?? "no file"}).`,
      });
    });
  config
    .command("print")
    .description("show what applies: environment over file over defaults")
    .option("--redact", "hide secrets")
    .action(({ redact }: { redact?: true }, command: Command) => {
      const tables = toTables(load(command).values, redact === true);
      print(command, { json: tables, text: stringify(tables).trimEnd() });
    });
};

const load = (command: Command) => {
  const { config: file } = commonOptions(command);
  return loadConfig(file === undefined ? {} : { file });
};

const toTables = (values: ReadonlyMap<string, unknown>, redact: boolean): Table => {
  const tables: Table = {};
  for (const { path, secret } of configKeys) {
    const value = values.get(path);
    setPath(tables, path, redact && secret && value !== "" ? "[secret]" : value);
  }
  return tables;
};
