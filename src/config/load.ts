import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { Secret } from "../core/secret.ts";
import { ConfigError, type ConfigFault } from "./config-error.ts";
import { fileVariable, readEnvironment } from "./environment.ts";
import { configKeys } from "./keys.ts";
import { nearest } from "./nearest.ts";
import { getPath, isTable, setPath, type Table } from "./paths.ts";
import { readText } from "./read-text.ts";
import { type Config, configSchema } from "./schema.ts";
import { tomlLines } from "./toml-lines.ts";

export interface LoadedConfig {
  readonly config: Config;
  /** The file that was read, or null when there is none. */
  readonly file: string | null;
  /** What applies, by key as the file spells it: the environment's value, else the file's, else the default. */
  readonly values: ReadonlyMap<string, unknown>;
}

/** Reads the configuration: environment over file over defaults. Throws `ConfigError` with every fault at once. */
export const loadConfig = (options: { file?: string; env?: NodeJS.ProcessEnv } = {}): LoadedConfig => {
  const env = options.env ?? process.env;
  const file = chooseFile(options.file ?? env[fileVariable]);
  const { tables, lineOf } = file === null ? noFile() : readToml(file);
  const { overrides, faults } = readEnvironment(env);
  for (const { key, value } of overrides) setPath(tables, key.path, value);
  const whereOf = (path: string): string =>
    overrides.find(({ key }) => path === key.path)?.variable ?? `${file}${lineSuffix(lineOf(path))}`;

  const parsed = configSchema.safeParse(tables);
  faults.push(...(parsed.error?.issues ?? []).flatMap((issue) => faultsOf(issue, whereOf)));
  faults.push(...faultsBetweenKeys(tables, whereOf));
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);

  const values = new Map(configKeys.map(({ path, fallback }) => [path, getPath(tables, path) ?? fallback]));
  const { server, ...others } = parsed.data;
  const absolute = { ...others, server: { ...server, data_dir: resolve(server.data_dir) } };
  return { config: toConfig(absolute), file, values };
};

interface Toml {
  readonly tables: Table;
  readonly lineOf: (path: string) => number | null;
}

const noFile = (): Toml => ({ tables: {}, lineOf: () => null });

/** The named file, else `./sallyport.toml` if it is there. */
const chooseFile = (named: string | undefined): string | null => {
  if (named !== undefined) return resolve(named);
  const usual = resolve("sallyport.toml");
  return existsSync(usual) ? usual : null;
};

const readToml = (file: string): Toml => {
  try {
    const text = readText(file);
    return { tables: parse(text), lineOf: tomlLines(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The parser's message goes on with a picture of the place; its first line says what is wrong.
    const why = message.replace(/\n.*/s, "");
    const line = error instanceof TomlError ? error.line : null;
    throw new ConfigError([{ key: null, where: `${file}${lineSuffix(line)}`, why }]);
  }
};

const lineSuffix = (line: number | null): string => (line === null ? "" : `:${line}`);

const faultsOf = (issue: z.core.$ZodIssue, whereOf: (path: string) => string): ConfigFault[] => {
  const path = issue.path.filter((part) => typeof part === "string").join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((unknown) => {
      const key = path === "" ? unknown : `${path}.${unknown}`;
      return { key, where: whereOf(key), why: `unknown key; the nearest known one is ${nearest(key, knownPaths)}` };
    });
  return [{ key: z.core.toDotPath(issue.path), where: whereOf(path), why: issue.message }];
};

const knownPaths = new Set(
  configKeys.flatMap(({ path }) => [path, ...path.split(".").map((_, end, names) => names.slice(0, end).join("."))]),
);
knownPaths.delete("");

/** Rules that join two keys; they are looked at even when other keys are wrong. */
const faultsBetweenKeys = (tables: unknown, whereOf: (path: string) => string): ConfigFault[] => {
  const isSet = (path: string): boolean => ![undefined, ""].some((none) => getPath(tables, path) === none);
  const fault = (key: string, why: string): ConfigFault => ({ key, where: whereOf(key), why });
  const addresses = z.array(z.unknown()).catch([]).parse(getPath(tables, "guacd.addresses"));
  const faults: ConfigFault[] = [];
  if (isSet("tls.cert_path") && !isSet("tls.key_path")) faults.push(fault("tls.cert_path", "needs tls.key_path too"));
  if (isSet("tls.key_path") && !isSet("tls.cert_path")) faults.push(fault("tls.key_path", "needs tls.cert_path too"));
  if (isSet("guacd.path") && addresses.length > 0)
    faults.push(fault("guacd.path", "cannot be used together with guacd.addresses; keep one"));
  if (isSet("guacd.ca_path") && !addresses.some((address) => String(address).startsWith("tls://")))
    faults.push(fault("guacd.ca_path", "needs a tls:// address in guacd.addresses"));
  const bindAddress = getPath(tables, "ssh.forward_bind_address") ?? "127.0.0.1";
  const hasOwnGuacd = addresses.length === 0;
  if (bindAddress !== "127.0.0.1" && hasOwnGuacd)
    faults.push(
      fault("ssh.forward_bind_address", "needs guacd.addresses; a guacd that the gateway runs uses 127.0.0.1"),
    );
  if (isSet("ssh.forward_advertised_host") && hasOwnGuacd)
    faults.push(fault("ssh.forward_advertised_host", "needs guacd.addresses"));
  if (/^[0:.]+$/.test(String(bindAddress)) && !isSet("ssh.forward_advertised_host"))
    faults.push(
      fault("ssh.forward_bind_address", "needs ssh.forward_advertised_host, because guacd cannot be sent there"),
    );
  return faults;
};

/** Renames keys to camel case and freezes. The cast is safe: `Config` is by definition the schema's output under that renaming. */
const toConfig = (output: z.output<typeof configSchema>): Config => frozenCamelCase(output) as Config;

const frozenCamelCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCamelCase));
  if (!isTable(value) || value instanceof Secret) return value;
  const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([name, child]) => [camelCase(name), frozenCamelCase(child)])),
  );
};
