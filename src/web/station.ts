/** How far a station is. The line that leads to it takes the same look. */
export type StationState = "plain" | "ok" | "running" | "failed" | "waiting";

export interface Station {
  readonly kind: "you" | "gateway" | "hop" | "target";
  readonly name: string;
  readonly note?: string;
  readonly state: StationState;
  /** The fault lies behind this station: its own line stays whole and the next one breaks. */
  readonly breaksBehind?: boolean;
}
