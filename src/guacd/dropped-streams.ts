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

  /** Takes note of an opener with its elements. */
  opened(elements: readonly string[], isDropped: boolean): void {
    const index = Number(elements[0] === "body" ? elements[2] : elements[1]);
    if (isDropped) this.#indexes.add(index);
    else this.#indexes.delete(index);
  }

  /** Whether a `blob` or `end` passes. */
  passes(elements: readonly string[]): boolean {
    const index = Number(elements[1]);
    const isDropped = this.#indexes.has(index);
    if (elements[0] === "end") this.#indexes.delete(index);
    return !isDropped;
  }
}

export const isStreamOpener = (opcode: DownOpcode): boolean => streamOpeners.some((opener) => opener === opcode);
