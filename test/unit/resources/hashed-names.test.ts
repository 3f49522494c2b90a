import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { HashedNames } from "../../../src/resources/known-hosts/hashed-names.ts";

const hashed = (name: string, salt = 7): string => {
  const key = Buffer.alloc(20, salt);
  return `|1|${key.toString("base64")}|${createHmac("sha1", key).update(name).digest("base64")}`;
};
const place = (host: string, port = 22) => ({ host, port });
const many = (count: number, from = 0) => Array.from({ length: count }, (_, index) => hashed(`host-${from + index}`));

/** Whether the event loop got round while something was waited for. */
const turnsDuring = async <T>(work: Promise<T>): Promise<{ hasTurned: boolean; result: T }> => {
  let hasTurned = false;
  const turn = setImmediate(() => {
    hasTurned = true;
  });
  const result = await work;
  clearImmediate(turn);
  return { hasTurned, result };
};

test("a place has the names that are hashes of it, whatever their salt, and of its port", async () => {
  const names = [hashed("db-1"), hashed("db-1", 8), hashed("db-2"), hashed("[db-1]:2222")];
  const hashes = new HashedNames();
  expect(await hashes.ofPlace(names, place("db-1"))).toEqual(new Set(names.slice(0, 2)));
  expect(await hashes.ofPlace(names, place("db-1", 2222))).toEqual(new Set(names.slice(3)));
  expect(await hashes.ofPlace(names, place("db-3"))).toEqual(new Set());
});

test("other work goes on while many names are tried, and they are tried once for each place", async () => {
  const names = many(200);
  const hashes = new HashedNames();
  const first = await turnsDuring(hashes.ofPlace(names, place("host-150")));
  expect(first).toEqual({ hasTurned: true, result: new Set([names[150]]) });
  const again = await turnsDuring(hashes.ofPlace(names, place("host-150")));
  expect(again).toEqual({ hasTurned: false, result: new Set([names[150]]) });
  expect(await turnsDuring(hashes.ofPlace(names, place("host-9")))).toMatchObject({ hasTurned: true });
});

test("a name that comes later is tried then, also while another look-up runs, and one that is gone does no harm", async () => {
  const names = many(120);
  const later = hashed("host-3", 9);
  const hashes = new HashedNames();
  await hashes.ofPlace(names, place("host-3"));
  expect(await hashes.ofPlace([...names, later], place("host-3"))).toEqual(new Set([names[3], later]));
  const both = [hashes.ofPlace(names, place("host-4")), hashes.ofPlace([hashed("host-4", 9)], place("host-4"))];
  await Promise.all(both);
  expect(await hashes.ofPlace([], place("host-4"))).toEqual(new Set([names[4], hashed("host-4", 9)]));
});

test("what most of is no longer asked about is forgotten, and asking again is answered as before", async () => {
  const hashes = new HashedNames();
  await hashes.ofPlace(many(1200), place("host-3"));
  const [only = ""] = many(1, 3);
  expect(await hashes.ofPlace([only], place("host-3"))).toEqual(new Set([only]));
  expect(await hashes.ofPlace([hashed("host-5")], place("host-3"))).toEqual(new Set([only]));
  expect(await hashes.ofPlace(many(60), place("host-5"))).toEqual(new Set([hashed("host-5")]));
});
