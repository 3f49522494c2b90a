import type { Logger } from "./log.ts";

type Cleanup = () => void | Promise<void>;

/**
 * A stack of cleanups that runs once, backwards, each after the one before it is done. Whoever opens something adds its close in the next line, so that one
 * call of `dispose()` takes back all of it whichever step failed. A cleanup that throws is logged and the rest still run.
 * Something added after disposal has begun is closed at once: a late opener cannot leak.
 */
export class Disposal {
  readonly #cleanups: { name: string; run: Cleanup }[] = [];
  readonly #log: Logger;
  readonly #abort = new AbortController();
  #done: Promise<void> | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Aborted when disposal begins; hand it to every wait of the thing that is being opened. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  add(name: string, run: Cleanup): void {
    if (this.#done) void this.#run({ name, run });
    else this.#cleanups.push({ name, run });
  }

  /** Resolves when every cleanup has finished; later calls give the same promise. */
  dispose(): Promise<void> {
    this.#done ??= this.#disposeAll();
    return this.#done;
  }

  async #disposeAll(): Promise<void> {
    this.#abort.abort();
    for (let next = this.#cleanups.pop(); next; next = this.#cleanups.pop()) await this.#run(next);
  }

  async #run({ name, run }: { name: string; run: Cleanup }): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#log.warn({ err: error, cleanup: name }, "cleanup failed");
    }
  }
}
