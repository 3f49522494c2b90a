import { setImmediate as nextTurn } from "node:timers/promises";
import type { Endpoint } from "../../core/endpoint.ts";
import { fitsHostList } from "../../core/host-list.ts";

/** About a millisecond's worth of HMACs, between which the event loop is free. */
const namesPerTurn = 50;
const mostPlaces = 1000;

interface Memory {
  /** All names that were ever asked about, in the order of their coming. */
  readonly names: Set<string>;
  /** By place: how many of them were tried, and which fit. */
  readonly places: Map<string, { readonly tried: number; readonly fitting: ReadonlySet<string> }>;
}

/**
 * Finds out which hashed names of known_hosts files are a place's. That takes an HMAC for each, so the answers are remembered:
 * a name is tried once for each place, and one that comes later is tried then.
 */
export class HashedNames {
  #memory: Memory = { names: new Set(), places: new Map() };

  /** Those that fit among all that were asked about up to now; `hashed` are all that the database has for this question. */
  async ofPlace(hashed: readonly string[], place: Endpoint): Promise<ReadonlySet<string>> {
    // Most of what is remembered has been forgotten by the database.
    if (this.#memory.names.size > 2 * hashed.length + 1000) this.#memory = { names: new Set(), places: new Map() };
    const { names, places } = this.#memory;
    for (const name of hashed) names.add(name);
    const key = `${place.host} ${place.port}`;
    const before = places.get(key);
    const untried = before?.tried === names.size ? [] : [...names].slice(before?.tried ?? 0);
    const fitting = new Set(before?.fitting);
    for (const [index, name] of untried.entries()) {
      if (fitsHostList(name, place)) fitting.add(name);
      if ((index + 1) % namesPerTurn === 0) await nextTurn();
    }
    places.delete(key);
    places.set(key, { tried: (before?.tried ?? 0) + untried.length, fitting });
    const [longestUnasked = key] = places.keys();
    if (places.size > mostPlaces) places.delete(longestUnasked);
    return fitting;
  }
}
