/**
 * The clockwork of one guacd connection. guacd drops a user who sends nothing for 15 s, and answers some failures only to
 * input. Silence is the lack of any byte, not of `sync`: guacd 1.6 sends none while a desktop stands still, but every version
 * sends a `nop` 10 s after its last word at the latest.
 */
export class LegTimers {
  readonly #silenceMs: number;
  readonly #onSilence: () => void;
  readonly #nops: readonly NodeJS.Timeout[];
  #watch: NodeJS.Timeout;
  #heardAtMs = performance.now();
  /** Silence counts only while the socket is read. */
  #isReading = false;

  constructor(options: { silenceMs: number; sendNop: () => void; onSilence: () => void }) {
    this.#silenceMs = options.silenceMs;
    this.#onSilence = options.onSilence;
    this.#nops = [setTimeout(options.sendNop, firstNopMs), setInterval(options.sendNop, nopEveryMs)];
    this.#watch = setTimeout(() => this.#check(), options.silenceMs);
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
    for (const timer of [...this.#nops, this.#watch]) clearTimeout(timer);
  }

  #check(): void {
    const leftMs = this.#isReading ? this.#heardAtMs + this.#silenceMs - performance.now() : this.#silenceMs;
    if (leftMs > 0) this.#watch = setTimeout(() => this.#check(), Math.ceil(leftMs));
    else this.#onSilence();
  }
}

const firstNopMs = 500;
const nopEveryMs = 4000;
