import type { Command } from "commander";
import { systemClock } from "../core/clock.ts";
import { fitsHostList } from "../core/host-list.ts";
import { createKnownHostStore, type KnownHost, type KnownHostStore } from "../resources/known-hosts/store.ts";
import { toView } from "../resources/known-hosts/view.ts";
import { type Answer, commonOptions, print, UsageError } from "./common.ts";
import { importKnownHosts } from "./import-known-hosts.ts";
import { formatTable } from "./table.ts";
import { commandLineActor, withDatabase } from "./with-database.ts";

/** The host keys and certificates that are known. All commands work while the gateway runs. */
export const knownHostsCommands = (program: Command): void => {
  const knownHosts = program.command("known-hosts").description("list, import or forget host keys");
  knownHosts
    .command("list")
    .description("list the host keys and certificates that are known, those that wait for approval first")
    .action((_: unknown, command: Command) =>
      answer(command, async (store) => {
        const rows = await store.list();
        return { json: rows.map(toView), text: rows.length === 0 ? "No host keys are known." : hostTable(rows) };
      }),
    );
  knownHosts
    .command("forget")
    .description("forget the keys of a host, so that the next connection meets it as for the first time")
    .argument("<host>", "name or address as listed, or the id of one key")
    .option("--port <port>", "only the keys of this port", portNumber)
    .action((host: string, { port }: { port?: number }, command: Command) =>
      answer(command, async (store) => {
        const rows = (await store.list()).filter((row) => isMeant(row, host, port));
        if (rows.length === 0)
          throw new Error(`no host key is known for ${port === undefined ? host : `${host}:${port}`}`);
        for (const { id } of rows) await store.forget(id, commandLineActor());
        return { json: rows.map(toView), text: `Forgot ${rows.map(placeAndKey).join(", ")}.` };
      }),
    );
  knownHosts
    .command("import")
    .description("trust the keys of an OpenSSH known_hosts file, and refuse those it marks @revoked")
    .argument("<file>", "the file; - for standard input")
    .option("--via <hops>", "the keys are those of hosts behind these hops: host[:port], separated by commas")
    .action((file: string, { via }: { via?: string }, command: Command) =>
      answer(command, (store) => importKnownHosts(store, { file, via: via ?? "" })),
    );
};

/** Hashed names are tried as well; one of another port than 22 is found with that port only. */
const isMeant = (row: KnownHost, host: string, port: number | undefined): boolean => {
  if (row.id === host) return true;
  const name = host.toLowerCase();
  if (row.host.startsWith("|") && row.state !== "revoked")
    return fitsHostList(row.host, { host: name, port: port ?? 22 });
  return row.host === name && (port === undefined || row.port === port);
};

const answer = async (command: Command, work: (store: KnownHostStore) => Promise<Answer>): Promise<void> => {
  const reply = await withDatabase(commonOptions(command), (database) =>
    work(createKnownHostStore(database, systemClock)),
  );
  print(command, reply);
};

const placeAndKey = ({ host, port, keyType, fingerprint }: KnownHost): string =>
  `${port === null ? host : `${host}:${port}`} ${keyType} ${fingerprint}`;

const hostTable = (rows: readonly KnownHost[]): string =>
  formatTable(
    ["HOST", "PORT", "THROUGH", "KEY", "FINGERPRINT", "STATE", "FROM", "FIRST SEEN BY", "LAST SEEN"],
    rows.map((row) => [
      row.host,
      row.port === null ? "" : String(row.port),
      row.path || "direct",
      row.keyType,
      row.fingerprint,
      row.state,
      row.origin,
      row.firstSeenBy,
      toView(row).last_seen_at ?? "never",
    ]),
  );

const portNumber = (text: string): number => {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535) throw new UsageError("--port must be 1 to 65535");
  return port;
};
