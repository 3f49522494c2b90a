/** A limit in time that can be put off, and that warns before it is over. */
export class Countdown {
  readonly #options: CountdownOptions;
  #deadlineMs = 0;
  #timer: NodeJS.Timeout | undefined;
  /** While it stands still: what was left. */
  #leftMs: number | undefined;
  #hasWarned = false;

  constructor(options: CountdownOptions) {
    this.#options = options;
  }

  /** Starts with the whole limit, also when it runs already; a warning that was given is taken back. */
  start(): void {
    if (this.#options.limitMs === 0) return;
    if (this.#hasWarned) this.#options.onWarn?.(null);
    this.#hasWarned = false;
    if (this.#leftMs !== undefined) this.#leftMs = this.#options.limitMs;
    this.#deadlineMs = performance.now() + this.#options.limitMs;
    // Put off at every key, so a timer that runs is left to find out by itself.
    if (this.#timer === undefined && this.#leftMs === undefined) this.#look();
  }

  /** Puts a running one off. */
  putOff(): void {
    if (this.#timer !== undefined) this.start();
  }

  pause(): void {
    if (this.#timer === undefined) return;
    this.#leftMs = Math.max(0, this.#deadlineMs - performance.now());
    this.#halt();
  }

  resume(): void {
    if (this.#leftMs === undefined) return;
    this.#deadlineMs = performance.now() + this.#leftMs;
    this.#leftMs = undefined;
    this.#look();
  }

  stop(): void {
    this.#leftMs = undefined;
    this.#halt();
  }

  /** Says the warning again, to someone who has not heard it. */
  repeatWarning(): void {
    if (this.#hasWarned) this.#options.onWarn?.(Math.max(0, this.#deadlineMs - performance.now()));
  }

  #halt(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const { warnBeforeMs = 0, onWarn, onOver } = this.#options;
    this.#timer = undefined;
    const leftMs = this.#deadlineMs - performance.now();
    if (leftMs <= 0) {
      onOver();
      return;
    }
    const untilWarningMs = leftMs - warnBeforeMs;
    if (onWarn && !this.#hasWarned && untilWarningMs <= 0) {
      this.#hasWarned = true;
      onWarn(leftMs);
    }
    const nextMs = onWarn && !this.#hasWarned ? untilWarningMs : leftMs;
    // A timer may fire a little early.
    this.#timer = setTimeout(() => this.#look(), Math.ceil(nextMs));
  }
}

interface CountdownOptions {
  /** 0 = no limit: it never runs. */
  readonly limitMs: number;
  readonly warnBeforeMs?: number;
  /** With what is left, or null when there is time again. */
  readonly onWarn?: (leftMs: number | null) => void;
  readonly onOver: () => void;
}
