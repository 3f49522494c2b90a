/** One reader of what strangers write. */
export interface FuzzTarget {
  readonly name: string;
  /** Inputs to begin with, besides the corpus. */
  readonly seeds: readonly Buffer[];
  /** Pieces that get further than noise does. */
  readonly words: readonly string[];
  /**
   * Reads one input and says in few words what became of it: an input with a new outcome is kept and built on. Throws when
   * a guarantee does not hold; a refusal of the reader's own kind is an outcome.
   */
  run(input: Buffer): string | Promise<string>;
}

/** Throws `what` unless it is so. */
export const expectThat: (isSo: boolean, what: string) => asserts isSo = (isSo, what) => {
  if (!isSo) throw new Error(what);
};
