import type { HopValues } from "../new-session/hop-values.ts";

/** What a test goes through, as its form told it. */
export interface TestRoute {
  /** `session_type` */
  readonly protocol: string;
  /** "postgres@10.20.4.11" */
  readonly name: string;
  /** "10.20.4.11:22" */
  readonly targetAddress: string;
  readonly hops: readonly Pick<HopValues, "hostname" | "port">[];
}

/** A station of the way that can be at fault; hops count from 1. */
export type Place = number | "target" | "host";

/**
 * Where on the way a step belongs, told by what the gateway names as its subject: "Hop 2, db-gw", or an address of the way.
 */
export const placeOf = (step: string, subject: string, { hops }: TestRoute): Place => {
  const [, number] = /\bhop (\d)\b/i.exec(subject) ?? [];
  if (number !== undefined) return Number(number);
  if (step === "guacd") return "host";
  const addresses = hops.map(({ hostname, port }) => [`${hostname}:${port}`, `[${hostname}]:${port}`, hostname]);
  const index = addresses.findIndex((spellings) => spellings.includes(subject));
  return index === -1 ? "target" : index + 1;
};

/** Steps that the gateway takes before it goes anywhere: a station is not reached by them. */
export const isLookup = (step: string): boolean => step === "policy" || step === "name";
