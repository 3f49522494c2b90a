import { userInfo } from "node:os";
import { findDataDir, openDataDir } from "../config/data-dir.ts";
import { loadConfig } from "../config/load.ts";
import { type Actor, systemPrincipal } from "../core/principal.ts";
import { Secret } from "../core/secret.ts";
import { migrate } from "../db/migrate.ts";
import { type Database, openDatabase } from "../db/open.ts";
import type { CommonOptions } from "./common.ts";

/**
 * Runs `work` on the gateway's database, beside a running gateway or without one. Only with `mayCreate` a data directory
 * that is not there is made; otherwise a wrong --config would answer from an empty database.
 */
export const withDatabase = async <T>(
  { config: file, mayCreate }: CommonOptions & { mayCreate?: boolean },
  work: (database: Database) => Promise<T>,
): Promise<T> => {
  const { server, database: settings } = loadConfig(file === undefined ? {} : { file }).config;
  const dataDir = await (mayCreate ? openDataDir(server.dataDir) : findDataDir(server.dataDir));
  if (!dataDir && !settings.url)
    throw new Error(`there is no data directory ${server.dataDir}; name the gateway's configuration with --config`);
  const database = openDatabase(settings.url ?? new Secret(dataDir?.databasePath ?? ""));
  try {
    await migrate(database);
    return await work(database);
  } finally {
    await database.close();
  }
};

/** Who the audit names for what is done on the command line. */
export const commandLineActor = (): Actor => ({ principal: systemPrincipal(`command line (${userName()})`) });

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `user id ${process.getuid?.() ?? "unknown"}`; // an id without an entry in /etc/passwd, as in containers
  }
};
