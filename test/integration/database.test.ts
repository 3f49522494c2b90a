import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemPrincipal } from "../../src/core/principal.ts";
import { Secret } from "../../src/core/secret.ts";
import { record } from "../../src/db/audit.ts";
import { migrate } from "../../src/db/migrate.ts";
import { type Database, openDatabase } from "../../src/db/open.ts";
import { transact } from "../../src/db/transact.ts";
import { expectCreated, send } from "../support/http.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const actor = { principal: systemPrincipal("test") };
const run = promisify(execFile);

let folder: string;
let open: Database[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-database-"));
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((database) => database.close()));
  await rm(folder, { recursive: true });
});

const openFile = (): Database => {
  const database = openDatabase(new Secret(join(folder, "test.db")));
  open.push(database);
  return database;
};
const schemaOf = async ({ kysely }: Database): Promise<unknown> =>
  (await sql`select type, name, sql from sqlite_master order by type, name`.execute(kysely)).rows;
const migrationsOf = async ({ kysely }: Database): Promise<string[]> =>
  (await sql<{ name: string }>`select name from kysely_migration order by name`.execute(kysely)).rows.map(
    ({ name }) => name,
  );

test("a database that has gone is told to be down, without a failure", async () => {
  const database = openFile();
  expect(await database.isUp()).toBe(true);
  await database.close();
  expect(await database.isUp()).toBe(false);
});

describe("migrations", () => {
  test("from nothing make every table of the source; a second run changes nothing", async () => {
    const database = openFile();
    await migrate(database);
    const tables = (await database.kysely.introspection.getTables()).map(({ name }) => name).sort();
    expect(tables).toEqual([
      "admin_key",
      "audit",
      "known_host",
      "login",
      "person",
      "session",
      "session_end_reason",
      "session_transition",
    ]);
    const first = await schemaOf(database);
    const files = (await readdir(new URL("../../migrations/", import.meta.url))).map((file) => file.replace(".ts", ""));
    expect(await migrationsOf(database)).toEqual(files.sort());
    await migrate(database);
    expect(await schemaOf(database)).toEqual(first);
  });

  test("two processes that start on the same empty file both find it ready", async () => {
    const script = `
      const { openDatabase } = await import("${new URL("../../src/db/open.ts", import.meta.url).href}");
      const { migrate } = await import("${new URL("../../src/db/migrate.ts", import.meta.url).href}");
      const { Secret } = await import("${new URL("../../src/core/secret.ts", import.meta.url).href}");
      const database = openDatabase(new Secret(process.argv[1]));
      await migrate(database);
      await database.close();
      console.log("ready");`;
    const starts = Array.from({ length: 3 }, () =>
      run(process.execPath, ["--input-type=module", "-e", script, join(folder, "test.db")], { timeout: 20_000 }),
    );
    for (const { stdout } of await Promise.all(starts)) expect(stdout).toBe("ready\n");
    const database = openFile();
    expect(new Set(await migrationsOf(database)).size).toBe((await migrationsOf(database)).length);
    expect((await sql`select * from session_transition`.execute(database.kysely)).rows).toHaveLength(4);
  });

  test("keys that were known before keys had a state stay trusted, by the word of the session that met them", async () => {
    const database = openFile();
    await migrate(database);
    const { kysely } = database;
    await kysely.schema.dropTable("known_host").execute();
    await sql`delete from kysely_migration where name >= '0006'`.execute(kysely);
    const knownHosts: Migration = await import("../../migrations/0003-known-hosts.ts");
    await knownHosts.up(kysely);
    await sql`insert into known_host (id, path, host, port, key_type, public_key, fingerprint, first_seen_at, first_seen_by,
      last_seen_at) values ('a', '', 'db-1', 22, 'ssh-ed25519', 'AAAA', 'SHA256:a', 1, 'ann', 2)`.execute(kysely);
    await migrate(database);
    const row = { host: "db-1", port: 22, fingerprint: "SHA256:a", first_seen_at: 1, first_seen_by: "ann" };
    const added = { kind: "ssh", state: "trusted", origin: "session", last_seen_at: 2 };
    expect(await kysely.selectFrom("known_host").selectAll().execute()).toMatchObject([{ ...row, ...added }]);
  });

  test("a file that a newer release has changed is refused, not guessed at", async () => {
    const database = openFile();
    await migrate(database);
    await sql`insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '')`.execute(
      database.kysely,
    );
    await expect(migrate(database)).rejects.toThrow("could not be brought up to date");
  });
});

describe("the file", () => {
  test("is written ahead, keeps foreign keys, and waits for another writer", async () => {
    const { kysely } = openFile();
    const pragma = async (name: string) =>
      Object.values((await sql.raw<object>(`pragma ${name}`).execute(kysely)).rows[0] ?? {})[0];
    expect(await pragma("journal_mode")).toBe("wal");
    expect(await pragma("foreign_keys")).toBe(1);
    expect(await pragma("busy_timeout")).toBe(5000);
  });

  test("rows of what is deleted go with it: a key's and a person's logins", async () => {
    const database = openFile();
    await migrate(database);
    const { kysely } = database;
    const key = { allowed_ips: "[]", expires_at: null, disabled_at: null, created_at: 1, last_used_at: null };
    await kysely
      .insertInto("admin_key")
      .values({ ...key, id: "k", name: "k", key_hash: "h" })
      .execute();
    const login = { id: "l", token_hash: "t", person_id: null, admin_key_id: "k", created_at: 1, expires_at: 2 };
    await kysely.insertInto("login").values(login).execute();
    await expect(
      kysely
        .insertInto("login")
        .values({ ...login, id: "m", token_hash: "u", admin_key_id: "none" })
        .execute(),
    ).rejects.toThrow(/FOREIGN KEY/);
    await kysely.deleteFrom("admin_key").where("id", "=", "k").execute();
    expect(await kysely.selectFrom("login").selectAll().execute()).toEqual([]);
  });
});

describe("transactions", () => {
  const event = { actor, action: "test.change", objectId: "x" };
  const rows = async ({ kysely }: Database) => (await kysely.selectFrom("audit").selectAll().execute()).length;

  test("an error takes back everything since the beginning", async () => {
    const database = openFile();
    await migrate(database);
    const work = transact(database, async (tx) => {
      await record(tx, event, 1);
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(await rows(database)).toBe(0);
  });

  test("while another process writes, everything but writing goes on", async () => {
    const gateway = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" });
    const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const other = gateway.database.transaction().execute(async () => {
      held.resolve();
      await released.promise;
    });
    await held.promise;
    const headers = { authorization: `Bearer ${gateway.adminKey}` };
    const created = send(`${gateway.url}/api/sessions`, { method: "POST", headers, body: { hostname: "10.0.0.1" } });
    expect((await send(`${gateway.url}/api/health`)).status).toBe(200);
    expect((await send(gateway.url)).status).toBe(200);
    released.resolve();
    await other;
    expectCreated(await created);
    await gateway.close();
  });

  test("changes of two connections at once are all kept", async () => {
    const [one, two] = [openFile(), openFile()];
    await migrate(one);
    const change = (database: Database) =>
      transact(database, async (tx) => {
        const { count } = await tx
          .selectFrom("audit")
          .select((e) => e.fn.countAll<number>().as("count"))
          .executeTakeFirstOrThrow();
        await record(tx, { ...event, objectId: String(count) }, 1);
      });
    await Promise.all(Array.from({ length: 40 }, (_, index) => change(index % 2 === 0 ? one : two)));
    const ids = (await one.kysely.selectFrom("audit").select("object_id").execute()).map(({ object_id }) =>
      Number(object_id),
    );
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index));
  });
});
