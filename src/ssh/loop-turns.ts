/** Lets those who move much data work one after the other, a turn of the event loop each, whatever else waits in between. */
export class LoopTurns {
  readonly #waiting: (() => void)[] = [];

  /** Runs `work` in a turn of its own, behind all who came before. */
  take(work: () => void): void {
    if (this.#waiting.push(work) === 1) setImmediate(() => this.#next());
  }

  #next(): void {
    const work = this.#waiting.shift();
    if (this.#waiting.length > 0) setImmediate(() => this.#next());
    work?.();
  }
}
