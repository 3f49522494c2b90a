import { expect, test } from "vitest";
import { parseHostKeyLine } from "../../../src/core/host-key-line.ts";
import { pathOf } from "../../../src/core/key-place.ts";
import { clientAlgorithms } from "../../../src/ssh/algorithms.ts";
import { generateKeyPair } from "../../../src/ssh/generate-key-pair.ts";
import { prepareHostKeyCheck } from "../../../src/ssh/host-key.ts";
import { hostKeyMemory } from "../../support/host-key-memory.ts";

const line = generateKeyPair().publicLine;
const [keyType = "", publicKey = ""] = line.split(" ");
const blob = Buffer.from(publicKey, "base64");
const target = { host: "db-1", port: 22 };

test.each([
  line,
  `${keyType} ${publicKey}`,
  `  db-1,10.0.0.1 ${keyType} ${publicKey} a comment\n`,
  `[db-1]:2222\t${keyType}\t${publicKey}`,
  `|1|bm90IHJlYWw=|bm90IHJlYWw= ${keyType} ${publicKey}`,
])("%j names a host key", (text) => {
  expect(parseHostKeyLine(text)).toEqual({ keyType, publicKey });
});

test.each([
  "",
  publicKey,
  `@revoked * ${keyType} ${publicKey}`,
  `@cert-authority * ${keyType} ${publicKey}`,
  `ssh-rsa ${publicKey}`,
  `${keyType} AAAA`,
  `${keyType} not!base64`,
  `${line}\n${line}`,
  `one two ${keyType} ${publicKey}`,
])("%j names none", (text) => {
  expect(parseHostKeyLine(text)).toBeUndefined();
});

test("known keys are kept apart by hops, host and port", async () => {
  const trust = hostKeyMemory();
  const check = (options: { path?: string; target?: typeof target }, key: Buffer) =>
    prepareHostKeyCheck({ trust, path: "", target, pinnedLine: null, seenBy: "a", ...options }).then((prepared) =>
      prepared.verify(key),
    );
  const other = Buffer.from(generateKeyPair().publicLine.split(" ")[1] ?? "", "base64");
  await check({}, blob);
  await expect(check({}, other)).rejects.toMatchObject({ end: { reason: "host_key_changed" } });
  await check({ path: "gw-1" }, other);
  await check({ target: { ...target, port: 2222 } }, other);
  await check({}, blob);
  expect(trust.rows.filter(({ state }) => state === "trusted").map((row) => row.place)).toEqual([
    "|db-1|22",
    "gw-1|db-1|22",
    "|db-1|2222",
  ]);
});

test.each([
  ["db-1.example", "DB-1.example."],
  ["fe80::1", "FE80:0:0:0:0:0:0:1"],
])("%s and %s are one host", async (host, spelling) => {
  const trust = hostKeyMemory();
  const prepare = (name: string) =>
    prepareHostKeyCheck({ trust, path: "", target: { host: name, port: 22 }, pinnedLine: null, seenBy: "a" });
  await (await prepare(host)).verify(blob);
  expect((await prepare(spelling)).keyTypes).toEqual([keyType]);
});

test("a way is named by its hops in one spelling", () => {
  const hop = (host: string, port = 22) => ({ host, port });
  expect(pathOf([])).toBe("");
  expect(pathOf([hop("GW-1.example."), hop("10.0.0.1", 2222), hop("FD00:0::1")])).toBe(
    "gw-1.example:22 > 10.0.0.1:2222 > [fd00::1]:22",
  );
});

test("a blob that is no key is refused and not remembered", async () => {
  const trust = hostKeyMemory();
  const { verify } = await prepareHostKeyCheck({ trust, path: "", target, pinnedLine: null, seenBy: "a" });
  await expect(verify(Buffer.from("x"))).rejects.toMatchObject({ end: { reason: "host_key_changed" } });
  expect(trust.rows).toEqual([]);
});

test("known key types are asked for first, SHA-1 last of its kind, DSA never", () => {
  const order = clientAlgorithms(["ssh-rsa"]).serverHostKey;
  expect(order).toEqual([
    "rsa-sha2-512",
    "rsa-sha2-256",
    "ssh-rsa",
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
  ]);
  expect(clientAlgorithms([]).serverHostKey).toHaveLength(7);
});
