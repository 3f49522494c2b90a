import type { ConnectStep } from "../core/notices.ts";
import type { Attachment } from "../tunnel/attachment.ts";

/** Tells the page how far connecting is: each step ends when the next begins. */
export class StepReporter {
  readonly #attachment: Attachment;
  #running: { step: ConnectStep; sinceMs: number } | undefined;

  constructor(attachment: Attachment) {
    this.#attachment = attachment;
  }

  begin(step: ConnectStep, limitSeconds: number): void {
    this.finish();
    this.#running = { step, sinceMs: performance.now() };
    this.#attachment.notice({ kind: "step", step, state: "running", limit_seconds: limitSeconds });
  }

  finish(): void {
    if (!this.#running) return;
    const { step, sinceMs } = this.#running;
    this.#running = undefined;
    this.#attachment.notice({ kind: "step", step, state: "done", ms: Math.round(performance.now() - sinceMs) });
  }
}
