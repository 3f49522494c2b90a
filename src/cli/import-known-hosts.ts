import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { hostKeyFingerprint } from "../core/host-key-fingerprint.ts";
import { pathOf } from "../core/key-place.ts";
import { placesOf } from "../resources/known-hosts/places.ts";
import type { KnownHostStore } from "../resources/known-hosts/store.ts";
import { type KnownHostsEntry, parseKnownHosts } from "../ssh/known-hosts-file.ts";
import type { Answer } from "./common.ts";
import { readHops } from "./read-hops.ts";
import { commandLineActor } from "./with-database.ts";

/** Takes over a known_hosts file, all or nothing; lines that cannot be taken over are named. */
export const importKnownHosts = async (
  store: KnownHostStore,
  { file, via }: { file: string; via: string },
): Promise<Answer> => {
  const path = pathOf(via === "" ? [] : readHops(via));
  const { entries, skipped } = parseKnownHosts(await (file === "-" ? readAll(process.stdin) : readFile(file, "utf8")));
  const keys = entries.flatMap((entry) => placesOf(entry.hosts, path).map((place) => keyAt(place, entry)));
  const { imported, known, replaced } = await store.import(keys, commandLineActor());
  const summary = [
    `${imported} imported, ${known} known already, ${skipped.length} ${skipped.length === 1 ? "line" : "lines"} skipped.`,
    ...(replaced > 0 ? [`${replaced} that only sessions had met gave way.`] : []),
    ...skipped.map(({ line, why }) => `line ${line}: ${why}`),
  ];
  return { json: { imported, known, replaced, skipped }, text: summary.join("\n") };
};

const keyAt = (place: ReturnType<typeof placesOf>[number], { isRevoked, keyType, publicKey }: KnownHostsEntry) => {
  const fingerprint = hostKeyFingerprint(Buffer.from(publicKey, "base64"));
  return { place, isRevoked, keyType, publicKey, fingerprint };
};
