import type { DoorPlace } from "../core/door.ts";
import type { GuacdAddress } from "./guacd-address.ts";
import type { Started } from "./start-queue.ts";

/** A session's place at a guacd. Whoever takes one gives it back with `release`. */
export interface GuacdLease {
  /** Where that guacd is; another one after `start` had to go to the next of a pool. */
  readonly address: GuacdAddress;
  /**
   * Runs `open`, which starts the session, in its turn, because guacd takes one start at a time. In a pool the next guacd is
   * tried when `open` rejects as `guacd_failed`. Rejects as the last one did, or with the signal's reason.
   */
  start<T extends Started>(open: (address: GuacdAddress) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Where the doors of its sessions open. */
  readonly place: DoorPlace;
  /** The session id (setsid(2)) that all processes of this guacd share; null when it is not our child. */
  readonly processId: number | null;
  /** Whether a process belongs to this guacd. Always true when it is not our child: that cannot be told. */
  isDescendant(pid: number): Promise<boolean>;
  /** guacd fell silent or let go of the session: it is to be looked at before it gets more. */
  suspect(): void;
  /** The session needs no guacd any more. Later calls do nothing. */
  release(): void;
}

/** What is known of the guacd that sessions get. */
export interface GuacdFacts {
  /** Whether it is our child. */
  readonly managed: boolean;
  /** Null when it cannot be told. */
  readonly version: string | null;
  /** Why that version should not be used, or null. */
  readonly warning: string | null;
}

/** `draining`: it gets no new sessions because it is no longer configured, and still has some. */
export const guacdStates = ["up", "down", "draining"] as const;
export type GuacdState = (typeof guacdStates)[number];

/** Where sessions get their guacd from. */
export interface GuacdSource {
  /** Rejects with `SessionFailure` (`guacd_failed`) when there is none, or the signal's reason. */
  lease(signal: AbortSignal): Promise<GuacdLease>;
  readonly facts: GuacdFacts;
  /** Whether a session would find a guacd now. Never rejects. */
  isUp(): Promise<boolean>;
  /** The state of each guacd, as it was seen last. */
  readonly states: readonly GuacdState[];
  /** How many sessions wait for their turn to start. */
  readonly startsWaiting: number;
  close(): Promise<void>;
}
