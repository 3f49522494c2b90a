import { readdir } from "node:fs/promises";
import { type Migration, type MigrationProvider, Migrator } from "kysely/migration";
import type { Database } from "./open.ts";

const folder = new URL("../../migrations/", import.meta.url);

/** Brings the schema up to the newest migration. Safe when two gateways start at once: Kysely takes a lock. */
export const migrate = async (database: Database): Promise<void> => {
  const migrator = new Migrator({ db: database.kysely, provider: { getMigrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw new Error("the database could not be brought up to date", { cause: error });
};

const getMigrations: MigrationProvider["getMigrations"] = async () => {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".ts")).sort();
  const entries = files.map(async (file): Promise<[string, Migration]> => {
    const migration: Migration = await import(new URL(file, folder).href);
    return [file.slice(0, -".ts".length), migration];
  });
  return Object.fromEntries(await Promise.all(entries));
};
