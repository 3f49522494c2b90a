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

  /** One that was told before is gone back to: those from it on are not done any more. */
  begin({ limitSeconds, ...step }: BegunStep): void {
    const told = [...this.#told.keys()];
    const at = told.indexOf(keyOf(step));
    if (at < 0) this.finish();
    else for (const key of told.slice(at)) this.#told.delete(key);
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
    this.#told.set(keyOf(notice), notice);
    this.#tell(notice);
  }
}

const keyOf = ({ step, hop }: Pick<StepNotice, "step" | "hop">): string => `${step} ${hop ?? ""}`;
