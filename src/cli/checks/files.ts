import { lstat, stat } from "node:fs/promises";
import { join } from "node:path";
import { findDataDir } from "../../config/data-dir.ts";
import type { Config } from "../../config/schema.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** Who can read what: data directory, key file, and the configuration when it holds a secret. */
export const checkFiles = async ({ server, database, tls }: Config, configFile: string | null): Promise<Check[]> => {
  const checks: Check[] = [];
  const dataDir = await findDataDir(server.dataDir);
  if (!dataDir) checks.push(ok("data directory", `There is none at ${server.dataDir} yet; the first start makes it.`));
  else if (dataDir.isOpenToOthers)
    checks.push(warn("data directory", `Others can look into ${dataDir.path}.`, `Run: chmod 700 ${dataDir.path}`));
  else checks.push(ok("data directory", `${dataDir.path} is closed to others.`));
  if (dataDir) checks.push(...(await closed("key file", join(dataDir.path, "key"), fail)));
  if (configFile !== null && database.url !== null)
    checks.push(...(await closed("configuration file", configFile, warn)));
  if (tls.keyPath !== null) checks.push(...(await closed("TLS key", tls.keyPath, warn)));
  return checks;
};

const closed = async (name: string, path: string, complain: typeof warn): Promise<Check[]> => {
  const found = await lstat(path).catch(() => null);
  if (!found) return [];
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return [ok(name, `${path} is closed to others.`)];
  return [complain(name, `${path} can be read by others.`, `Run: chmod 600 ${path}`)];
};
