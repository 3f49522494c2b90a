import { parseInstructions } from "./instruction-parser.ts";

/** The elements of one whole instruction from guacd, opcode first, as a scanner cut it. */
export const decodeInstruction = (data: Buffer, start = 0, end = data.length): string[] =>
  parseInstructions(data.toString("utf8", start, end), unlimited)[0] ?? [];

/** What guacd sends was bounded by the scanner. */
const unlimited = {
  elementCodePoints: Number.POSITIVE_INFINITY,
  instructionBytes: Number.POSITIVE_INFINITY,
  elements: Number.POSITIVE_INFINITY,
};
