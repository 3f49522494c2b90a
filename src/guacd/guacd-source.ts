import type { DoorPlace } from "../core/door.ts";
import type { GuacdAddress } from "./guacd-address.ts";
import type { StartQueue } from "./start-queue.ts";

/** A guacd that is ready for one more session. */
export interface GuacdLease {
  readonly address: GuacdAddress;
  /** Every `GuacdLeg.open` that starts a session on this guacd goes through it. */
  readonly startQueue: StartQueue;
  /** Where the doors of its sessions open. */
  readonly place: DoorPlace;
  /** The session id (setsid(2)) that all processes of this guacd share; null when it is not our child. */
  readonly processId: number | null;
  /** Whether a process belongs to this guacd. Always true when it is not our child: that cannot be told. */
  isDescendant(pid: number): Promise<boolean>;
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

/** Where sessions get their guacd from. */
export interface GuacdSource {
  /** Rejects with `SessionFailure` (`guacd_failed`) when there is none, or the signal's reason. */
  lease(signal: AbortSignal): Promise<GuacdLease>;
  readonly facts: GuacdFacts;
  /** Whether a session would find a guacd now. Never rejects. */
  isUp(): Promise<boolean>;
  /** How many sessions wait for their turn to start. */
  readonly startsWaiting: number;
  close(): Promise<void>;
}
