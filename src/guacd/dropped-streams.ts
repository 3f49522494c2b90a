import { type DownOpcode, streamOpeners } from "./down-opcode.ts";

/**
 * Which of guacd's streams are cut out. A stream lasts from its opener to its `end`; guacd gives its number to the next one
 * also without an `end`, after a refusing `ack`.
 */
export class DroppedStreams {
  readonly #indexes = new Set<number>();

  get isEmpty(): boolean {
    return this.#indexes.size === 0;
  }

  /** Takes note of an opener. */
  opened(opener: DownOpcode, args: readonly string[], isDropped: boolean): void {
    const index = Number(opener === "body" ? args[1] : args[0]);
    if (isDropped) this.#indexes.add(index);
    else this.#indexes.delete(index);
  }

  passes(opcode: "blob" | "end", args: readonly string[]): boolean {
    const index = Number(args[0]);
    const isDropped = this.#indexes.has(index);
    if (opcode === "end") this.#indexes.delete(index);
    return !isDropped;
  }
}

export const isStreamOpener = (opcode: DownOpcode): boolean => openers.has(opcode);

const openers: ReadonlySet<string> = new Set(streamOpeners);
