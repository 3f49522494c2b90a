import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import type { Endpoint } from "../core/endpoint.ts";
import { hostKeyFingerprint } from "../core/host-key-fingerprint.ts";
import { pathOf } from "../core/key-place.ts";
import { placesOf } from "../resources/known-hosts/places.ts";
import type { KnownHostStore } from "../resources/known-hosts/store.ts";
import { type KnownHostsEntry, parseKnownHosts } from "../ssh/known-hosts-file.ts";
import { type Answer, UsageError } from "./common.ts";
import { commandLineActor } from "./with-database.ts";

/** Takes over a known_hosts file, all or nothing; lines that cannot be taken over are named. */
export const importKnownHosts = async (
  store: KnownHostStore,
  { file, via }: { file: string; via: string },
): Promise<Answer> => {
  const path = pathOf(via === "" ? [] : via.split(",").map(hopOf));
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

/** `gw`, `gw:2222`, `[fd00::1]:22` or `fd00::1`. */
const hopOf = (text: string): Endpoint => {
  const [, bracketed, plain, port = "22"] =
    /^(?:\[([^\]]+)\]|([^:[\]\s]+|[\da-fA-F:.]*:[\da-fA-F:.]*:[\da-fA-F:.]*))(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) < 1 || Number(port) > 65535)
    throw new UsageError(`--via: "${text}" is not a hop such as gw.example.com or gw.example.com:2222`);
  return { host, port: Number(port) };
};
