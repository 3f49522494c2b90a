import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import type { KeyPlace } from "../../src/core/key-place.ts";
import type { KeyPolicy, ShownKey } from "../../src/core/known-key.ts";
import { systemPrincipal } from "../../src/core/principal.ts";
import { Secret } from "../../src/core/secret.ts";
import { trustKey } from "../../src/core/trust-key.ts";
import { migrate } from "../../src/db/migrate.ts";
import { type Database, openDatabase } from "../../src/db/open.ts";
import { placesOf } from "../../src/resources/known-hosts/places.ts";
import { createKnownHostStore, type KnownHostStore } from "../../src/resources/known-hosts/store.ts";

// The policy on the real store, where keys that were imported under hashed names and patterns meet those of sessions.

const actor = { principal: systemPrincipal("test") };
const place: KeyPlace = { kind: "ssh", path: "", host: "db-1", port: 22 };
const key = (name: string): ShownKey => ({ keyType: "ssh-ed25519", publicKey: "AAAA", fingerprint: `SHA256:${name}` });
const [real, other] = [key("real"), key("other")];

let folder: string;
let database: Database;
let store: KnownHostStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-known-hosts-"));
  database = openDatabase(new Secret(join(folder, "test.db")));
  await migrate(database);
  store = createKnownHostStore(database, systemClock);
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const visit = (shown: ShownKey, { policy = "tofu" as KeyPolicy, pinned = null as string | null } = {}) =>
  trustKey({ trust: { store, policy: () => policy }, place, shown, pinned, seenBy: "ann" });
const importFor = (hosts: string, shown: ShownKey) =>
  store.import(
    placesOf(hosts, "").map((at) => ({ place: at, isRevoked: false, ...shown })),
    actor,
  );
const hashed = (name: string): string => {
  const salt = Buffer.alloc(20, 7);
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
};
const approvePending = async () => {
  const pending = (await store.list()).find(({ state }) => state === "pending");
  return store.approve(pending?.id ?? "", actor);
};
const changed = expect.objectContaining({ message: expect.stringContaining("Now: ") });

test("once an admin approves a host's new key, the old one that a file gave under its hashed name is refused", async () => {
  await importFor(hashed("db-1"), other);
  await visit(other);
  await expect(visit(real)).rejects.toEqual(changed);
  await approvePending();
  await visit(real);
  await expect(visit(other)).rejects.toEqual(changed);
});

test.each([
  ["hashed name", hashed("db-1")],
  ["pattern", "db-?"],
])("a key that only a session met is refused once a file vouches for another by a %s", async (_, hosts) => {
  await visit(other);
  await importFor(hosts, real);
  await expect(visit(other)).rejects.toEqual(changed);
  await visit(real);
  expect(await store.list()).toMatchObject([
    { state: "pending", fingerprint: other.fingerprint },
    { state: "trusted", fingerprint: real.fingerprint },
  ]);
  await approvePending();
  await visit(other);
});

test("a key that is revoked by a hashed name after its host was looked up is refused at once, on every path", async () => {
  await importFor(hashed("db-1"), real);
  await visit(real);
  const [at] = placesOf(hashed("db-1"), "gw:22");
  if (!at) throw new Error("a hashed name is one place");
  await store.import([{ place: at, isRevoked: true, ...real }], actor);
  await expect(visit(real)).rejects.toThrow("was revoked");
});

test("a file of very many hashed names is looked through while other work goes on, and its host is found", async () => {
  const names = Array.from({ length: 300 }, (_, index) => hashed(`host-${index}`));
  const keys = [...names, hashed("db-1")].flatMap((hosts, index) =>
    placesOf(hosts, "").map((at) => ({ place: at, isRevoked: false, ...key(`${index}`) })),
  );
  await store.import(keys, actor);
  let turns = 0;
  const count = () => {
    turns++;
    turning = setImmediate(count);
  };
  let turning = setImmediate(count);
  await visit(key("300"));
  clearImmediate(turning);
  expect(turns).toBeGreaterThanOrEqual(5);
  await expect(visit(key("299"))).rejects.toEqual(changed);
});

test("what a session met never satisfies a pin, and a pin does not change what is known", async () => {
  await visit(other);
  await expect(visit(other, { pinned: real.fingerprint })).rejects.toEqual(changed);
  await visit(real, { pinned: real.fingerprint });
  expect(await store.list()).toMatchObject([{ origin: "session", fingerprint: other.fingerprint }]);
});

test("of two first visits at once that meet different keys one is refused", async () => {
  const outcomes = await Promise.allSettled([visit(real), visit(other)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const states = (await store.list()).map(({ state }) => state);
  expect(states).toEqual(["pending", "trusted"]);
});

test("a host that shows another key each time leaves one for approval", async () => {
  await visit(real);
  for (let visits = 0; visits < 5; visits++) await expect(visit(key(`${visits}`))).rejects.toEqual(changed);
  expect((await store.list()).map(({ fingerprint }) => fingerprint)).toEqual(["SHA256:4", real.fingerprint]);
});

test("a key that waited for approval is trusted at the next use when the policy no longer asks", async () => {
  await expect(visit(real, { policy: "ask-admin" })).rejects.toThrow("has not been approved yet");
  await visit(real);
  expect(await store.list()).toMatchObject([{ state: "trusted", origin: "session" }]);
});
