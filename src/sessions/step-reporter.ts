import type { ConnectStep, Notice } from "../core/notices.ts";

type StepNotice = Extract<Notice, { kind: "step" }>;

/** Tells the page how far connecting is: each step ends when the next begins. Remembers it for a browser that comes later. */
export class StepReporter {
  readonly #tell: (notice: StepNotice) => void;
  readonly #told = new Map<ConnectStep, StepNotice>();
  #running: { step: ConnectStep; sinceMs: number } | undefined;

  constructor(tell: (notice: StepNotice) => void) {
    this.#tell = tell;
  }

  begin(step: ConnectStep, limitSeconds: number): void {
    this.finish();
    this.#running = { step, sinceMs: performance.now() };
    this.#note({ kind: "step", step, state: "running", limit_seconds: limitSeconds });
  }

  finish(): void {
    if (!this.#running) return;
    const { step, sinceMs } = this.#running;
    this.#running = undefined;
    this.#note({ kind: "step", step, state: "done", ms: Math.round(performance.now() - sinceMs) });
  }

  repeat(): void {
    for (const notice of this.#told.values()) this.#tell(notice);
  }

  #note(notice: StepNotice): void {
    this.#told.set(notice.step, notice);
    this.#tell(notice);
  }
}
