/**
 * The clockwork of one guacd connection. guacd drops a user who sends nothing for 15 s, answers some failures only to
 * input, and sends nothing itself for up to 10 s when all is well.
 */
export class LegTimers {
  readonly #silenceMs: number;
  readonly #onSilence: () => void;
  readonly #timers: NodeJS.Timeout[];
  #heardAtMs = performance.now();
  /** Silence counts only while the socket is read. */
  #isReading = false;

  constructor(options: { silenceMs: number; sendNop: () => void; onSilence: () => void }) {
    this.#silenceMs = options.silenceMs;
    this.#onSilence = options.onSilence;
    this.#timers = [
      setTimeout(options.sendNop, firstNopMs),
      setInterval(options.sendNop, nopEveryMs),
      setInterval(() => this.#check(), Math.min(checkEveryMs, options.silenceMs)),
    ];
  }

  heard(): void {
    this.#heardAtMs = performance.now();
  }

  pauseSilence(): void {
    this.#isReading = false;
  }

  resumeSilence(): void {
    this.#isReading = true;
    this.heard();
  }

  stop(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
  }

  #check(): void {
    if (this.#isReading && performance.now() - this.#heardAtMs > this.#silenceMs) this.#onSilence();
  }
}

const firstNopMs = 500;
const nopEveryMs = 4000;
const checkEveryMs = 1000;
