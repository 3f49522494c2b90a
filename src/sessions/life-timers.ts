import type { Notice } from "../core/notices.ts";
import type { SessionEnd } from "../core/session-end.ts";
import { Countdown } from "./countdown.ts";
import { secondsInWords } from "./seconds-in-words.ts";

export interface LifeLimits {
  readonly firstSyncTimeoutSeconds: number;
  /** 0 = no limit, as for the next one. */
  readonly maxDurationSeconds: number;
  readonly idleTimeoutSeconds: number;
  /** 0 = a session ends with its browser's connection. */
  readonly resumeSeconds: number;
}

/** How long before its end a session warns; a limit that is hardly longer warns at half of it. */
const warnSeconds = { idle: 120, max_duration: 300 } as const;

/** The limits that end a session by themselves: no first picture, no person, too long, away too long. */
export class LifeTimers {
  readonly #picture: Countdown;
  readonly #longest: Countdown;
  readonly #idle: Countdown;
  readonly #away: Countdown;
  readonly #end: (end: SessionEnd) => void;
  readonly #resumeSeconds: number;

  constructor(limits: LifeLimits, options: { end: (end: SessionEnd) => void; tell: (notice: Notice) => void }) {
    const { firstSyncTimeoutSeconds, maxDurationSeconds, idleTimeoutSeconds, resumeSeconds } = limits;
    const { end } = options;
    this.#end = end;
    this.#resumeSeconds = resumeSeconds;
    const warned = (limit: "idle" | "max_duration", seconds: number) => ({
      limitMs: seconds * 1000,
      warnBeforeMs: Math.min(warnSeconds[limit], seconds / 2) * 1000,
      onWarn: (leftMs: number | null) =>
        options.tell({ kind: "expires", limit, seconds: leftMs === null ? null : Math.round(leftMs / 1000) }),
    });
    const noPicture = `The session host showed no picture within ${firstSyncTimeoutSeconds} s.`;
    this.#picture = new Countdown({
      limitMs: firstSyncTimeoutSeconds * 1000,
      onOver: () => end({ reason: "guacd_failed", detail: noPicture }),
    });
    const longest = `The limit is ${secondsInWords(maxDurationSeconds)}.`;
    this.#longest = new Countdown({
      ...warned("max_duration", maxDurationSeconds),
      onOver: () => end({ reason: "max_duration", detail: longest }),
    });
    const idle = `There was no input for ${secondsInWords(idleTimeoutSeconds)}.`;
    this.#idle = new Countdown({
      ...warned("idle", idleTimeoutSeconds),
      onOver: () => end({ reason: "idle", detail: idle }),
    });
    this.#away = new Countdown({
      limitMs: resumeSeconds * 1000,
      onOver: () => end({ reason: "client_gone", detail: `It was kept for ${secondsInWords(resumeSeconds)}.` }),
    });
  }

  awaitPicture(isAwaited: boolean): void {
    if (isAwaited) this.#picture.start();
    else this.#picture.stop();
  }

  /** The first picture is there. */
  started(): void {
    this.#picture.stop();
    this.#longest.start();
    this.#idle.start();
  }

  heardPerson(): void {
    this.#idle.putOff();
  }

  /** The owner's browser is gone; `why` is a sentence. */
  left(why: string): void {
    if (this.#resumeSeconds === 0) this.#end({ reason: "client_gone", detail: why });
    else this.#away.start();
  }

  returned(): void {
    this.#away.stop();
  }

  /** The owner has a new browser, which has heard no warning yet. */
  repeatWarnings(): void {
    this.#longest.repeatWarning();
    this.#idle.repeatWarning();
  }

  /** While a person is asked something. */
  pause(): void {
    for (const countdown of [this.#picture, this.#longest, this.#idle]) countdown.pause();
  }

  resume(): void {
    for (const countdown of [this.#picture, this.#longest, this.#idle]) countdown.resume();
  }

  stop(): void {
    for (const countdown of [this.#picture, this.#longest, this.#idle, this.#away]) countdown.stop();
  }
}
