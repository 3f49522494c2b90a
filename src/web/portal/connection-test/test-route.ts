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

/** A station of the way; hops count from 1. */
export type Place = number | "gateway" | "target" | "host";

/** Which station a step is about, as its subject begins: `Hop 2, db-gw`, `Session host`, `Gateway`, or else the target's address. */
export const placeOf = (subject: string): Place => {
  const [, number] = /^Hop (\d)\b/.exec(subject) ?? [];
  if (number !== undefined) return Number(number);
  if (subject.startsWith("Session host")) return "host";
  return subject.startsWith("Gateway") ? "gateway" : "target";
};

/** Steps that the gateway takes before it goes anywhere: a station is not reached by them. */
export const isLookup = (step: string): boolean => step === "policy" || step === "name";
