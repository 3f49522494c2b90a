import { existsSync } from "node:fs";
import { findDataDir } from "../../config/data-dir.ts";
import type { Config } from "../../config/schema.ts";
import { Secret } from "../../core/secret.ts";
import { openDatabase } from "../../db/open.ts";
import { within } from "../../roads/within.ts";
import { type Check, fail, ok } from "./check.ts";

const limitMs = 5_000;

/** Whether the database can be opened and read. None is made. */
export const checkDatabase = async ({ server, database: { url } }: Config): Promise<Check[]> => {
  const path = (await findDataDir(server.dataDir))?.databasePath;
  if (!url && (path === undefined || !existsSync(path)))
    return [ok("database", "There is none yet; the first start makes it.")];
  const kind = url ? "PostgreSQL" : "SQLite";
  try {
    const database = openDatabase(url ?? new Secret(path ?? ""));
    try {
      const query = database.kysely.selectFrom("session").select("id").limit(1).execute();
      await within(query, limitMs, new AbortController().signal);
      return [ok("database", `${kind} answers.`)];
    } finally {
      await database.close();
    }
  } catch (error) {
    // What a driver says may hold the address with its password.
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    const fix = url ? "Check database.url, and that the server runs." : `Check that ${path} is whole and can be read.`;
    return [fail("database", `${kind} cannot be read${code}.`, fix)];
  }
};
