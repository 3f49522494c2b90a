/** Keysyms of characters have this bit; the rest is the code point (X11 keysym encoding). */
const characterBit = 0x0100_0000;

/**
 * A `key` instruction as the keys that guacd is sent. Where guacd takes keys as UTF-16 units (its terminal up to 1.6.1
 * drops a keysym with more than 16 bits of character), a character beyond them goes as its two halves.
 */
export const splitKey = (elements: readonly string[]): ReadonlyArray<readonly string[]> => {
  const [opcode, keysym, ...rest] = elements;
  const codePoint = Number(keysym) - characterBit;
  if (opcode !== "key" || codePoint <= 0xffff || codePoint > 0x10ffff) return [elements];
  const character = String.fromCodePoint(codePoint);
  return [0, 1].map((unit) => ["key", String(characterBit + character.charCodeAt(unit)), ...rest]);
};
