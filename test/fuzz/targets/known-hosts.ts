import { fitsHostList } from "../../../src/core/host-list.ts";
import { parseKnownHosts } from "../../../src/ssh/known-hosts-file.ts";
import { expectThat, type FuzzTarget } from "../parts/fuzz-target.ts";

const ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPUyGhcpWWJqvqxnhcnGBzlYzbB4EBqHWqZ7w5DYCtX";
const places = [
  { host: "db-1", port: 22 },
  { host: "a".repeat(255), port: 2222 },
];

/** A known_hosts file: every line is a key, nothing, or named with a reason; and whether it names a host is told soon. */
export const knownHosts: FuzzTarget = {
  name: "known-hosts",
  seeds: [
    `# of mine\ndb-1,10.0.0.1 ${ed25519} me\n[db-2]:2222 ${ed25519}\n`,
    `@revoked *.example.com,!a* ${ed25519}\r\n@cert-authority * ${ed25519}\n`,
    `|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ${ed25519}\n`,
    "db-3 ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ==\n",
  ].map((text) => Buffer.from(text)),
  words: [ed25519, "@revoked ", "|1|", "[", "]:", "*", "?", "!", ",", "\n", "ecdsa-sha2-nistp256 ", "\t"],

  run(input) {
    const text = input.toString("utf8");
    const { entries, skipped } = parseKnownHosts(text);
    const lines = text.split("\n").map((line) => line.trim());
    const told = [...entries, ...skipped].map(({ line }) => line);
    const full = lines.flatMap((line, index) => (line === "" || line.startsWith("#") ? [] : [index + 1]));
    expectThat(told.sort((a, b) => a - b).join() === full.join(), "a line is neither read nor named");
    for (const { hosts, keyType, publicKey } of entries) {
      const blob = Buffer.from(publicKey, "base64");
      expectThat(blob.toString("base64") === publicKey, "a key is not in base64");
      expectThat(blob.toString("latin1", 4, 4 + keyType.length) === keyType, "a key is of another type");
      for (const place of places) fitsHostList(hosts, place);
    }
    const marks = [entries.some(({ isRevoked }) => isRevoked), entries.some(({ hosts }) => hosts.startsWith("|"))];
    const reasons = new Set(skipped.map(({ why }) => why.slice(-20)));
    return `${Math.min(entries.length, 3)} keys ${marks.join()} ${[...reasons].sort().slice(0, 2).join()}`;
  },
};
