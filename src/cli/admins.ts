import type { Command } from "commander";
import { z } from "zod";
import { type AdminKeyRow, createAdminKeyStore } from "../access/admin-key-store.ts";
import { type AdminKeys, createAdminKeys } from "../access/admin-keys.ts";
import { systemClock, toRfc3339 } from "../core/clock.ts";
import type { Secret } from "../core/secret.ts";
import { type Answer, commonOptions, print, UsageError } from "./common.ts";
import { formatTable } from "./table.ts";
import { commandLineActor, withDatabase } from "./with-database.ts";

/** Admin API keys. All of these work while the gateway runs. */
export const adminCommands = (program: Command): void => {
  program
    .command("add-admin")
    .description("make an admin API key and show it once")
    .argument("<name>")
    .option("--allowed-ips <cidrs>", "addresses it may come from, separated by commas", listOfCidrs)
    .option("--expires <time>", "when it stops working, such as 2027-01-31T00:00:00Z", timeMs)
    .action((name: string, { allowedIps, expires }: { allowedIps?: string[]; expires?: number }, command: Command) =>
      answer(command, { mayCreate: true }, async (keys) => {
        const input = { name, allowedIps: allowedIps ?? [], expiresAtMs: expires ?? null };
        return withKey("Made", await keys.create(input, commandLineActor()));
      }),
    );
  program
    .command("list-admins")
    .description("list the admin API keys")
    .action((_: unknown, command: Command) =>
      answer(command, {}, async (keys) => {
        const rows = await keys.list();
        return { json: rows.map(toJson), text: rows.length === 0 ? "There are no admin keys." : keyTable(rows) };
      }),
    );
  for (const verb of ["disable", "enable"] as const)
    program
      .command(`${verb}-admin`)
      .description(`${verb} an admin API key`)
      .argument("<name>")
      .action((name: string, _: unknown, command: Command) =>
        answer(command, {}, async (keys) => {
          const row = await keys[verb]({ name }, commandLineActor());
          return { json: toJson(row), text: `Admin key ${row.name} is ${verb}d.` };
        }),
      );
  program
    .command("rotate-key")
    .description("replace an admin API key by a fresh one and show it once")
    .argument("<name>")
    .action((name: string, _: unknown, command: Command) =>
      answer(command, {}, async (keys) => withKey("Replaced", await keys.rotate({ name }, commandLineActor()))),
    );
  program
    .command("delete-admin")
    .description("delete an admin API key")
    .argument("<name>")
    .action((name: string, _: unknown, command: Command) =>
      answer(command, {}, async (keys) => {
        await keys.delete({ name }, commandLineActor());
        return { json: { name, deleted: true }, text: `Admin key ${name} is deleted.` };
      }),
    );
};

const answer = async (
  command: Command,
  { mayCreate = false },
  work: (keys: AdminKeys) => Promise<Answer>,
): Promise<void> => {
  const reply = await withDatabase({ ...commonOptions(command), mayCreate }, (database) =>
    work(createAdminKeys({ store: createAdminKeyStore(database), clock: systemClock, lastStays: false })),
  );
  print(command, reply);
};

const withKey = (done: string, { row, key }: { row: AdminKeyRow; key: Secret<string> }): Answer => ({
  json: { id: row.id, name: row.name, key: key.reveal() },
  text: `${done} admin key ${row.name}. It is shown only this once:\n\n  ${key.reveal()}\n`,
});

const time = (epochMs: number | null): string | null => (epochMs === null ? null : toRfc3339(epochMs));

const toJson = (row: AdminKeyRow) => ({
  id: row.id,
  name: row.name,
  allowed_ips: row.allowedIps,
  expires_at: time(row.expiresAtMs),
  disabled: row.disabledAtMs !== null,
  created_at: time(row.createdAtMs),
  last_used_at: time(row.lastUsedAtMs),
});

const keyTable = (rows: readonly AdminKeyRow[]): string =>
  formatTable(
    ["NAME", "STATE", "ALLOWED FROM", "EXPIRES", "CREATED", "LAST USED"],
    rows.map((row) => [
      row.name,
      stateOf(row),
      row.allowedIps.join(",") || "anywhere",
      time(row.expiresAtMs) ?? "never",
      toRfc3339(row.createdAtMs),
      time(row.lastUsedAtMs) ?? "never",
    ]),
  );

const stateOf = (row: AdminKeyRow): string => {
  if (row.disabledAtMs !== null) return "disabled";
  return row.expiresAtMs !== null && row.expiresAtMs <= systemClock.nowMs() ? "expired" : "enabled";
};

const listOfCidrs = (text: string): string[] => text.split(",").map((item) => item.trim());

const timeMs = (text: string): number => {
  if (!z.iso.datetime({ offset: true }).safeParse(text).success)
    throw new UsageError("--expires must be a time such as 2027-01-31T00:00:00Z");
  return Date.parse(text);
};
