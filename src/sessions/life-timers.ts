import type { SessionEnd } from "../core/session-end.ts";

export interface LifeLimits {
  readonly firstSyncTimeoutSeconds: number;
  /** 0 = no limit, as for the next one. */
  readonly maxDurationSeconds: number;
  readonly idleTimeoutSeconds: number;
}

/** The limits that end a session by themselves: no first picture, no person, too long. */
export class LifeTimers {
  readonly #limits: LifeLimits;
  readonly #end: (end: SessionEnd) => void;
  #picture: NodeJS.Timeout | undefined;
  #longest: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(limits: LifeLimits, end: (end: SessionEnd) => void) {
    this.#limits = limits;
    this.#end = end;
  }

  awaitPicture(): void {
    const seconds = this.#limits.firstSyncTimeoutSeconds;
    const detail = `The session host showed no picture within ${seconds} s.`;
    this.#picture = setTimeout(() => this.#end({ reason: "guacd_failed", detail }), seconds * 1000);
  }

  started(): void {
    clearTimeout(this.#picture);
    const { maxDurationSeconds, idleTimeoutSeconds } = this.#limits;
    if (maxDurationSeconds > 0) {
      const detail = `The limit is ${inWords(maxDurationSeconds)}.`;
      this.#longest = setTimeout(() => this.#end({ reason: "max_duration", detail }), maxDurationSeconds * 1000);
    }
    if (idleTimeoutSeconds > 0) {
      const detail = `There was no input for ${inWords(idleTimeoutSeconds)}.`;
      this.#idle = setTimeout(() => this.#end({ reason: "idle", detail }), idleTimeoutSeconds * 1000);
    }
  }

  heardPerson(): void {
    this.#idle?.refresh();
  }

  stop(): void {
    for (const timer of [this.#picture, this.#longest, this.#idle]) clearTimeout(timer);
  }
}

const inWords = (seconds: number): string => {
  if (seconds % 3600 === 0) return seconds === 3600 ? "1 hour" : `${seconds / 3600} hours`;
  if (seconds % 60 === 0) return seconds === 60 ? "1 minute" : `${seconds / 60} minutes`;
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
};
