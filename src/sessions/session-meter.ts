import type { EndReason } from "../core/session-end.ts";
import type { Traffic } from "../tunnel/attachment.ts";

/** What is measured of sessions. It learns of no person and no host. */
export interface SessionMeter {
  sessionEnded(reason: EndReason): void;
  /** A connection to the target is open, this long after it was asked for. */
  dialled(protocol: string, seconds: number): void;
  /** The first picture is whole, this long after the first browser came, time for answers not counted. */
  drawn(protocol: string, seconds: number): void;
  /** A session's guacd fell silent. */
  stalled(): void;
  /** A session was started again, because its guacd was lost before the first picture. */
  startedAgain(): void;
  traffic(protocol: string): Traffic;
}
