import type { Command } from "commander";
import { systemClock, toRfc3339 } from "../core/clock.ts";
import { createKnownHostStore, type KnownHost, type KnownHostStore } from "../resources/known-hosts/store.ts";
import { type Answer, commonOptions, print, UsageError } from "./common.ts";
import { formatTable } from "./table.ts";
import { commandLineActor, withDatabase } from "./with-database.ts";

/** The SSH host keys that were trusted at first use. Both commands work while the gateway runs. */
export const knownHostsCommands = (program: Command): void => {
  const knownHosts = program.command("known-hosts").description("list or forget trusted SSH host keys");
  knownHosts
    .command("list")
    .description("list the SSH host keys that are trusted")
    .action((_: unknown, command: Command) =>
      answer(command, async (store) => {
        const rows = await store.list();
        return { json: rows.map(toJson), text: rows.length === 0 ? "No host keys are known." : hostTable(rows) };
      }),
    );
  knownHosts
    .command("forget")
    .description("forget the keys of a host, so that the next connection trusts the key it meets")
    .argument("<host>", "name or address as listed, or the id of one key")
    .option("--port <port>", "only the keys of this port", portNumber)
    .action((host: string, { port }: { port?: number }, command: Command) =>
      answer(command, async (store) => {
        const rows = (await store.list()).filter((row) => isMeant(row, host, port));
        if (rows.length === 0)
          throw new Error(`no host key is known for ${port === undefined ? host : `${host}:${port}`}`);
        for (const { id } of rows) await store.forget(id, commandLineActor());
        return { json: rows.map(toJson), text: `Forgot ${rows.map(placeAndKey).join(", ")}.` };
      }),
    );
};

const isMeant = (row: KnownHost, host: string, port: number | undefined): boolean =>
  row.id === host || (row.host === host.toLowerCase() && (port === undefined || row.port === port));

const answer = async (command: Command, work: (store: KnownHostStore) => Promise<Answer>): Promise<void> => {
  const reply = await withDatabase(commonOptions(command), (database) =>
    work(createKnownHostStore(database, systemClock)),
  );
  print(command, reply);
};

const placeAndKey = ({ host, port, keyType, fingerprint }: KnownHost): string =>
  `${host}:${port} ${keyType} ${fingerprint}`;

const toJson = (row: KnownHost) => ({
  id: row.id,
  path: row.path,
  host: row.host,
  port: row.port,
  key_type: row.keyType,
  public_key: row.publicKey,
  fingerprint: row.fingerprint,
  first_seen_at: toRfc3339(row.firstSeenAtMs),
  first_seen_by: row.firstSeenBy,
  last_seen_at: toRfc3339(row.lastSeenAtMs),
});

const hostTable = (rows: readonly KnownHost[]): string =>
  formatTable(
    ["HOST", "PORT", "THROUGH", "KEY", "FINGERPRINT", "FIRST SEEN BY", "LAST SEEN"],
    rows.map((row) => [
      row.host,
      String(row.port),
      row.path || "direct",
      row.keyType,
      row.fingerprint,
      row.firstSeenBy,
      toRfc3339(row.lastSeenAtMs),
    ]),
  );

const portNumber = (text: string): number => {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535) throw new UsageError("--port must be 1 to 65535");
  return port;
};
