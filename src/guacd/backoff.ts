/** Pauses between tries that grow. Chance shortens each by up to a half, so that many do not try in the same moment. */
export class Backoff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  readonly #random: () => number;
  #wholeMs: number;

  constructor(options: { firstMs: number; longestMs: number; random?: () => number }) {
    this.#firstMs = options.firstMs;
    this.#longestMs = options.longestMs;
    this.#random = options.random ?? Math.random;
    this.#wholeMs = options.firstMs;
  }

  /** How long to wait before the next try. */
  nextMs(): number {
    const wholeMs = this.#wholeMs;
    this.#wholeMs = Math.min(wholeMs * 2, this.#longestMs);
    return wholeMs * (1 - this.#random() / 2);
  }

  /** All is well again: the next pause is the shortest. */
  reset(): void {
    this.#wholeMs = this.#firstMs;
  }
}
