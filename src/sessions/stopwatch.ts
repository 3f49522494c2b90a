/** Measures a span that may be interrupted. It runs from the beginning. */
export class Stopwatch {
  #ranMs = 0;
  #sinceMs: number | null = performance.now();

  get seconds(): number {
    const runsMs = this.#sinceMs === null ? 0 : performance.now() - this.#sinceMs;
    return (this.#ranMs + runsMs) / 1000;
  }

  pause(): void {
    this.#ranMs = this.seconds * 1000;
    this.#sinceMs = null;
  }

  resume(): void {
    this.#sinceMs ??= performance.now();
  }
}
