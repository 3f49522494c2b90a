import type { HostKeyStore, KnownHostKey } from "../../src/ssh/host-key.ts";

/** A known-hosts store that forgets at the end of the test. `rows` is what it holds. */
export const hostKeyMemory = (): HostKeyStore & {
  rows: (KnownHostKey & { place: string; seenBy: string })[];
  touched: string[];
} => {
  const rows: (KnownHostKey & { place: string; seenBy: string })[] = [];
  const touched: string[] = [];
  const nameOf = (place: { path: string; host: string; port: number }) => `${place.path}|${place.host}|${place.port}`;
  return {
    rows,
    touched,
    find: async (place) => rows.filter((row) => row.place === nameOf(place)),
    async remember({ keyType, publicKey, fingerprint, seenBy, ...place }) {
      rows.push({ id: String(rows.length), place: nameOf(place), keyType, publicKey, fingerprint, seenBy });
    },
    touch: async (id) => void touched.push(id),
  };
};
