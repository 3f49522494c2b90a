/** Does something for each of its items once a period, spread over it. What one tick is late for, the next makes good. */
export class Pacer<T> {
  readonly #slots: Set<T>[];
  readonly #act: (item: T) => void;
  readonly #ticker: NodeJS.Timeout;
  #added = 0;
  #atMs = Math.floor(performance.now());

  constructor(periodMs: number, act: (item: T) => void) {
    this.#slots = Array.from({ length: periodMs }, () => new Set<T>());
    this.#act = act;
    this.#ticker = setInterval(() => this.#tick(), 1);
  }

  /** Gives what takes it out again. */
  add(item: T): () => void {
    const slot = this.#slots[(this.#added++ * stride) % this.#slots.length];
    slot?.add(item);
    return () => void slot?.delete(item);
  }

  stop(): void {
    clearInterval(this.#ticker);
  }

  #tick(): void {
    for (const nowMs = performance.now(); this.#atMs < nowMs; this.#atMs++)
      for (const item of this.#slots[this.#atMs % this.#slots.length] ?? []) this.#act(item);
  }
}

/** Has no divisor in common with a period, so that all of its milliseconds are used. */
const stride = 7;
