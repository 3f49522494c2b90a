import { AppError } from "../core/errors.ts";

/** How many diagnoses of one caller may run at a time. */
const maxPerHolder = 3;

/** Counts running diagnoses, so that nobody scans a network with them. */
export class Turns {
  readonly #running = new Map<string, number>();

  /** Gives what ends the turn. Throws `rate_limited` when the holder has as many as there may be. */
  take(holder: string): () => void {
    const count = this.#running.get(holder) ?? 0;
    if (count >= maxPerHolder)
      throw new AppError("rate_limited", `You run ${count} connection tests, which is the limit.`, {
        headers: { "Retry-After": "10" },
      });
    this.#running.set(holder, count + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.#running.get(holder) ?? 1) - 1;
      if (left > 0) this.#running.set(holder, left);
      else this.#running.delete(holder);
    };
  }
}
