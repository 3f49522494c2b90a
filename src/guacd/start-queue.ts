import { abortable } from "./abortable.ts";

/**
 * Runs one start after another. guacd forks without exec while its other threads may hold locks, so a start beside
 * another can freeze for ever; the next `select` waits for the `ready` or the failure of the one before.
 */
export class StartQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `start` when all before it are done. Rejects with the signal's reason when it is aborted while waiting. */
  async run<T>(start: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const before = this.#last;
    const turn = Promise.withResolvers<void>();
    // A start that gave up waiting must not let the next one overtake those before it.
    this.#last = before.then(() => turn.promise);
    try {
      await abortable(before, signal);
      return await start();
    } finally {
      turn.resolve();
    }
  }
}
