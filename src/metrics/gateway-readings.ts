import type { Metric } from "./metric.ts";
import { reading } from "./reading.ts";

export interface LiveSessionCount {
  readonly protocol: string;
  readonly state: string;
  readonly count: number;
}

const liveStates = ["pending", "active"];

type Direction = "down" | "up";
const byDirection = (read: (direction: Direction) => number) =>
  (["down", "up"] as const).map((direction) => ({ labels: { direction }, value: read(direction) }));

/** What is looked up in the running gateway whenever its metrics are asked for. */
export const gatewayReadings = (gateway: {
  readonly version: string;
  readonly protocols: readonly string[];
  /** Live sessions of this node; null when the database does not answer. */
  readonly liveSessions: () => Promise<readonly LiveSessionCount[] | null>;
  readonly isDatabaseUp: () => Promise<boolean>;
  readonly isGuacdUp: () => Promise<boolean>;
  /** How many guacds are in each state. */
  readonly guacds: () => readonly { readonly state: string; readonly count: number }[];
  readonly startsWaiting: () => number;
  readonly socketCount: () => number;
  /** For each attached browser. */
  readonly heldBytes: () => readonly Readonly<Record<Direction, number>>[];
}): readonly Metric[] => [
  reading("gauge", "sallyport_build_info", "Always 1; the labels tell what runs.", () => [
    { labels: { version: gateway.version, node: process.versions.node }, value: 1 },
  ]),
  reading("gauge", "sallyport_sessions", "Sessions of this gateway that have not ended.", async () => {
    const counts = await gateway.liveSessions();
    const countOf = (protocol: string, state: string) =>
      counts?.find((row) => row.protocol === protocol && row.state === state)?.count ?? 0;
    const rows = gateway.protocols.flatMap((protocol) => liveStates.map((state) => ({ protocol, state })));
    return counts && rows.map((labels) => ({ labels, value: countOf(labels.protocol, labels.state) }));
  }),
  reading("gauge", "sallyport_database_up", "Whether the database answers: 1 or 0.", async () =>
    Number(await gateway.isDatabaseUp()),
  ),
  reading("gauge", "sallyport_guacd_up", "Whether there is a guacd for sessions: 1 or 0.", async () =>
    Number(await gateway.isGuacdUp()),
  ),
  reading("gauge", "sallyport_guacds", "Guacds of this gateway, by state.", () =>
    gateway.guacds().map(({ state, count }) => ({ labels: { state }, value: count })),
  ),
  reading("gauge", "sallyport_guacd_starts_waiting", "Sessions that wait for their turn to start at guacd.", () =>
    gateway.startsWaiting(),
  ),
  reading("gauge", "sallyport_websockets_open", "Open WebSockets.", () => gateway.socketCount()),
  reading("gauge", "sallyport_attachment_held_bytes", "Bytes that wait for browsers, down, and for guacd, up.", () => {
    const held = gateway.heldBytes();
    return byDirection((direction) => held.reduce((sum, each) => sum + each[direction], 0));
  }),
  reading("gauge", "sallyport_attachment_held_bytes_max", "The same, of the browser with the most.", () => {
    const held = gateway.heldBytes();
    return byDirection((direction) => held.reduce((most, each) => Math.max(most, each[direction]), 0));
  }),
];
