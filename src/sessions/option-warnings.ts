/** What the owner is told of options whose arguments the running guacd does not know; `names` are guacd's own. */
export const optionWarnings = (names: readonly string[]): string[] =>
  names.map((name) => `${name.replaceAll("-", "_")} has no effect: this guacd does not know it.`);
