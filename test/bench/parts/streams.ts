import { encodeInstruction } from "../../../src/guacd/instruction.ts";

/** What the tunnel is measured with: each a part of guacd's output that is played over and over. */
export const streams = {
  images: () =>
    part((index) => [
      ["img", "1", "14", "0", "image/png", String(index % 900), String(index % 700)],
      ["blob", "1", pixels],
      ["end", "1"],
      ...(index % 4 === 3 ? [["sync", String(index)]] : []),
    ]),
  drawing: () =>
    part((index) => {
      const [x, y] = [String(index % 900), String(index % 700)];
      return [
        ["rect", "0", x, y, "16", "24"],
        ["cfill", "14", "0", "40", "44", "52", "255"],
        ["copy", "0", x, y, "16", "24", "14", "0", y, x],
        ["rect", "0", x, "0", "9", "18"],
        ["cfill", "12", "0", "255", "255", "255", "255"],
        ...(index % 160 === 159 ? [["sync", String(index)]] : []),
      ];
    }),
  text: () =>
    part((index) => [
      ["name", `${index} ${"Zażółć 漢字 😀🚀 naïve ".repeat(textRepeats[index % textRepeats.length] ?? 1)}`],
      ...(index % 20 === 19 ? [["sync", String(index)]] : []),
    ]),
} as const;
export type StreamName = keyof typeof streams;

/** Base64 as guacd fills a blob: 6048 bytes before it. */
const pixels = Buffer.from(Array.from({ length: 6048 }, (_, index) => (index * 31) % 251)).toString("base64");
/** From a window's title to a page of text. */
const textRepeats = [1, 4, 15, 100];
const partBytes = 8_000_000;

const part = (instructionsAt: (index: number) => string[][]): { bytes: Buffer; instructions: number } => {
  const texts: string[] = [];
  for (let [index, units] = [0, 0]; units < partBytes; index++)
    for (const elements of instructionsAt(index)) {
      const text = encodeInstruction(elements);
      units += text.length;
      texts.push(text);
    }
  return { bytes: Buffer.from(texts.join("")), instructions: texts.length };
};
