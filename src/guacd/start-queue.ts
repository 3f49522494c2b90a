import { abortable } from "./abortable.ts";

/** What a start gives: something that lets go of guacd one day. */
export interface Started {
  readonly released: Promise<void>;
  /** The process that serves it is gone; the connection may be open all the same, in processes that were forked later. */
  lose?(): void;
}

/**
 * Runs one start after another. guacd forks without exec while its other threads may hold locks, so a start beside
 * another can freeze for ever; the next `select` waits for the `ready` or the failure of the one before.
 */
export class StartQueue {
  readonly #afterStart: (started: Started | null) => Promise<void>;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** `afterStart` is told of each start before the next one begins, with null for one that failed. It must not reject. */
  constructor(afterStart: (started: Started | null) => Promise<void> = async () => undefined) {
    this.#afterStart = afterStart;
  }

  /** How many starts have not had their turn yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Runs `start` when all before it are done. Rejects with the signal's reason when it is aborted while waiting. */
  async run<T extends Started>(start: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const before = this.#last;
    const turn = Promise.withResolvers<void>();
    // A start that gave up waiting must not let the next one overtake those before it.
    this.#last = before.then(() => turn.promise);
    this.#waiting += 1;
    try {
      await abortable(before, signal);
    } catch (error) {
      turn.resolve();
      throw error;
    } finally {
      this.#waiting -= 1;
    }
    let started: T | null = null;
    try {
      started = await start();
      return started;
    } finally {
      turn.resolve(this.#afterStart(started));
    }
  }
}
