import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fitsHostList } from "../../../src/core/host-list.ts";
import { generateKeyPair } from "../../../src/ssh/generate-key-pair.ts";
import { parseKnownHosts } from "../../../src/ssh/known-hosts-file.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-known-hosts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newKey = () => generateKeyPair().publicLine.split(" ").slice(0, 2).join(" ");
const [one, two] = [newKey(), newKey()];
const blobOf = (key: string) => key.split(" ")[1];

test("each line of keys is read with its hosts, and the rest is named with its reason", () => {
  const file = [
    "# a comment",
    "",
    `db-1,10.0.0.1 ${one} comment of its own`,
    `\t@revoked * ${two}`,
    `@cert-authority *.example.com ${one}`,
    `@unheard-of db-2 ${one}`,
    "db-3 ssh-ed25519",
    "db-4 ssh-dss AAAAB3NzaC1kc3MAAACB",
    `|1|not_base64|x ${one}`,
    `[db-5]:2222 ${one}`,
    `db-6,[db-6]:99999 ${one}`,
    `[db-7] ${one}`,
    `db-8,,db-9 ${one}`,
  ];
  const { entries, skipped } = parseKnownHosts(file.join("\r\n"));
  expect(entries).toEqual([
    { line: 3, hosts: "db-1,10.0.0.1", isRevoked: false, keyType: "ssh-ed25519", publicKey: blobOf(one) },
    { line: 4, hosts: "*", isRevoked: true, keyType: "ssh-ed25519", publicKey: blobOf(two) },
    { line: 10, hosts: "[db-5]:2222", isRevoked: false, keyType: "ssh-ed25519", publicKey: blobOf(one) },
  ]);
  expect(skipped).toEqual([
    { line: 5, why: "host certificates are not supported" },
    { line: 6, why: "the marker @unheard-of is not known" },
    { line: 7, why: "it is not hosts, key type and key" },
    { line: 8, why: "ssh-dss is not a key that the gateway can check" },
    { line: 9, why: "the hashed name is not one of HMAC-SHA1" },
    { line: 11, why: '"[db-6]:99999" is not a host such as db-1 or [db-1]:2222' },
    { line: 12, why: '"[db-7]" is not a host such as db-1 or [db-1]:2222' },
    { line: 13, why: '"" is not a host such as db-1 or [db-1]:2222' },
  ]);
});

/** What OpenSSH itself finds in a file. */
const openSshFinds = (file: string, host: string, port: number): string[] => {
  try {
    const name = port === 22 ? host : `[${host}]:${port}`;
    const found = execFileSync("ssh-keygen", ["-F", name, "-f", file], { encoding: "utf8" });
    return found
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.trim().split(/\s+/).at(-1) ?? "");
  } catch {
    return [];
  }
};

test("a pattern of many stars is decided at once, however long the name", () => {
  const pattern = `${"*a".repeat(30)}b`;
  const startMs = performance.now();
  expect(fitsHostList(pattern, { host: "a".repeat(253), port: 22 })).toBe(false);
  expect(fitsHostList(pattern, { host: `${"a".repeat(252)}b`, port: 22 })).toBe(true);
  expect(performance.now() - startMs).toBeLessThan(1_000);
});

const lists = [
  "db-1",
  "db-1,10.0.0.1",
  "[db-1]:2222",
  "*.example.com,!bad.example.com",
  "web-?",
  "10.0.*",
  "!db-1,*",
  "DB-1",
  "fe80::1",
  "[fe80::1]:2222",
  "[*]:2222",
  "*",
  "**1",
  "?*.*example*",
  "*1*",
  "web-1?,!*2",
  "[web-*]:22?2",
];
const places = ["db-1", "10.0.0.1", "a.example.com", "bad.example.com", "web-1", "web-12", "fe80::1"].flatMap((host) =>
  [22, 2222].map((port) => ({ host, port })),
);

test.each(["plain", "hashed"])("in a %s file the same keys stand for a host as OpenSSH finds", (how) => {
  const file = join(folder, how);
  const keys = lists.map(() => newKey());
  writeFileSync(file, lists.map((list, index) => `${list} ${keys[index]}\n`).join(""));
  // Patterns stay as they are.
  if (how === "hashed") execFileSync("ssh-keygen", ["-H", "-f", file], { stdio: "ignore" });
  const text = execFileSync("cat", [file], { encoding: "utf8" });
  const { entries, skipped } = parseKnownHosts(text);
  expect(skipped).toEqual([]);
  expect(entries.some(({ hosts }) => hosts.startsWith("|1|"))).toBe(how === "hashed");
  for (const place of places) {
    const ours = entries.filter(({ hosts }) => fitsHostList(hosts, place)).map(({ publicKey }) => publicKey);
    expect(ours.sort(), `${place.host}:${place.port}`).toEqual(openSshFinds(file, place.host, place.port).sort());
  }
});
