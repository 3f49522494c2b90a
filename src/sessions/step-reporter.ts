import type { ConnectStep, Notice } from "../core/notices.ts";

type StepNotice = Extract<Notice, { kind: "step" }>;

export interface BegunStep {
  readonly step: ConnectStep;
  /** Which, for a hop; counts from 1. */
  readonly hop?: number;
  readonly limitSeconds: number;
}

/** Tells the page how far connecting is: each step ends when the next begins. Remembers it for a browser that comes later. */
export class StepReporter {
  readonly #tell: (notice: StepNotice) => void;
  readonly #told = new Map<string, StepNotice>();
  #running: { step: Pick<StepNotice, "step" | "hop">; sinceMs: number } | undefined;

  constructor(tell: (notice: StepNotice) => void) {
    this.#tell = tell;
  }

  begin({ limitSeconds, ...step }: BegunStep): void {
    this.finish();
    this.#running = { step, sinceMs: performance.now() };
    this.#note({ kind: "step", ...step, state: "running", limit_seconds: limitSeconds });
  }

  finish(): void {
    if (!this.#running) return;
    const { step, sinceMs } = this.#running;
    this.#running = undefined;
    this.#note({ kind: "step", ...step, state: "done", ms: Math.round(performance.now() - sinceMs) });
  }

  repeat(): void {
    for (const notice of this.#told.values()) this.#tell(notice);
  }

  #note(notice: StepNotice): void {
    this.#told.set(`${notice.step} ${notice.hop ?? ""}`, notice);
    this.#tell(notice);
  }
}
