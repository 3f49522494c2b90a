import type { Fault } from "../core/faults.ts";
import { fixOf } from "./causes.ts";
import type { Diagnosis, DiagnosisListener, Step, StepName } from "./step.ts";

interface Begun {
  readonly step: StepName;
  readonly subject: string;
  readonly atMs: number;
}

/** Writes down the steps of one diagnosis, one at a time. */
export class Steps {
  readonly #listener: DiagnosisListener;
  readonly #done: Step[] = [];
  #running: Begun | undefined;

  constructor(listener: DiagnosisListener) {
    this.#listener = listener;
  }

  get running(): Omit<Begun, "atMs"> | undefined {
    return this.#running;
  }

  begin(step: StepName, subject: string, limitMs: number): void {
    this.#running = { step, subject, atMs: performance.now() };
    this.#listener.onBegin(step, subject, limitMs);
  }

  /** The step that runs has gone well; nothing happens when none does. */
  succeed(message: string): void {
    if (!this.#running) return;
    this.#finish({ ...this.#timed(this.#running), ok: true, cause: null, message, fix: [] });
  }

  /** The same, but something has no effect. */
  warn(cause: Fault, message: string): void {
    if (!this.#running) return;
    this.#finish({ ...this.#timed(this.#running), ok: true, cause, message, fix: fixOf(cause) });
  }

  /** The step that runs has failed, or turns out to be another one's failure: `as`. */
  fail(cause: Fault, message: string, as: Partial<Pick<Begun, "step" | "subject">> = {}): void {
    const begun = this.#running ?? { step: "policy", subject: "Gateway", atMs: performance.now() };
    this.#finish({ ...this.#timed(begun), ...as, ok: false, cause, message, fix: fixOf(cause) });
  }

  get diagnosis(): Diagnosis {
    return { ok: this.#done.every(({ ok }) => ok), steps: [...this.#done] };
  }

  #timed({ step, subject, atMs }: Begun): Pick<Step, "step" | "subject" | "ms"> {
    return { step, subject, ms: Math.round(performance.now() - atMs) };
  }

  #finish(step: Step): void {
    this.#running = undefined;
    this.#done.push(step);
    this.#listener.onStep(step);
  }
}
