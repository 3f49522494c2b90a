import type { KeyPlace } from "../../src/core/key-place.ts";
import type { KeyPolicy, KeyTrust, KnownKey, ShownKey } from "../../src/core/known-key.ts";

interface Row extends KnownKey {
  readonly place: string;
  readonly seenBy: string;
}

/** Known keys that are forgotten at the end of the test. `rows` is what is held. */
export const hostKeyMemory = (policy: KeyPolicy = "tofu"): KeyTrust & { rows: Row[]; touched: string[] } => {
  const rows: Row[] = [];
  const touched: string[] = [];
  const nameOf = ({ path, host, port }: KeyPlace) => `${path}|${host}|${port}`;
  const add = (place: KeyPlace, shown: ShownKey, state: KnownKey["state"], seenBy: string) =>
    rows.push({ id: String(rows.length), place: nameOf(place), ...shown, state, origin: "session", seenBy });
  return {
    rows,
    touched,
    policy: () => policy,
    store: {
      find: async (place) => rows.filter((row) => row.place === nameOf(place)),
      trustFirst: async (place, shown, seenBy) => add(place, shown, "trusted", seenBy) > 0,
      propose: async (place, shown, seenBy) => void add(place, shown, "pending", seenBy),
      touch: async (id) => void touched.push(id),
    },
  };
};
