import { isAscii, isUtf8 } from "node:buffer";
import { GuacdProtocolError } from "./guacd-protocol-error.ts";

/**
 * What the bytes of a chunk are, which decides how its code points are counted: in ASCII a length is a jump; `broken` is
 * text that guacd passed on as a target sent it, such as a desktop name in Latin-1.
 */
export interface ChunkText {
  readonly kind: "ascii" | "utf8" | "broken";
  readonly words: DataView;
}

/** A character that the end of the chunk cuts is not held against it. */
export const chunkTextOf = (data: Buffer): ChunkText => {
  if (isAscii(data)) return ascii;
  const isWhole = isUtf8(data.subarray(0, endOfWholeCharacters(data)));
  return { kind: isWhole ? "utf8" : "broken", words: new DataView(data.buffer, data.byteOffset, data.length) };
};

const ascii: ChunkText = { kind: "ascii", words: new DataView(new ArrayBuffer(0)) };

/**
 * Index after the instruction that starts at `start`. When `data` ends before it, a negative number: the least count of
 * bytes that are missing. Throws `GuacdProtocolError` for what is no instruction.
 */
export const endOfInstruction = (data: Buffer, start: number, { kind, words }: ChunkText): number => {
  const size = data.length;
  let at = start;
  for (let elements = 0; elements < maxElements; elements++) {
    let length = at + 1 < size && data[at + 1] === dot ? (data[at] ?? 0) - 0x30 : -1;
    if (length >= 0 && length <= 9) {
      at += 2; // Nearly all lengths have one digit.
    } else {
      length = readLength(data, at);
      if (length < 0) return length;
      // No leading zeros, so the number tells its digits.
      at += length < 10 ? 2 : length < 100 ? 3 : length < 1000 ? 4 : length < 10_000 ? 5 : 6;
    }
    if (kind === "ascii") at += length;
    else if (kind === "utf8") at = endOfUtf8(data, words, at, length);
    else at = endAsGuacdCounts(data, at, length);
    if (at >= size) return size - at - 1;
    const terminator = data[at++];
    if (terminator === semicolon) return at;
    if (terminator !== comma) throw new GuacdProtocolError("an element does not end with , or ;");
  }
  throw new GuacdProtocolError("an instruction has too many elements");
};

/**
 * The same for ASCII with no element longer than nine, as nearly all drawing is: half the time. Gives 0 for anything else,
 * a fault too, and near the end of `data`.
 */
export const endOfDrawing = (data: Buffer, start: number): number => {
  for (let at = start, last = data.length - 12; at < last; ) {
    const length = (data[at] ?? 0) - 0x30;
    if (data[at + 1] !== dot || length < 0 || length > 9) return 0;
    at += length + 3;
    const terminator = data[at - 1];
    if (terminator === semicolon) return at - start < maxDrawingBytes ? at : 0;
    if (terminator !== comma) return 0;
  }
  return 0;
};

/** The length at `start` up to its dot, or less than 0 as `endOfInstruction` means it. */
const readLength = (data: Buffer, start: number): number => {
  const size = data.length;
  let length = 0;
  for (let at = start; at < size; at++) {
    const byte = data[at] ?? 0;
    if (byte === dot) {
      if (at === start) throw new GuacdProtocolError("an element has no length");
      // guacd writes none, and a second spelling of an opcode could pass a filter.
      if (at > start + 1 && data[start] === 0x30) throw new GuacdProtocolError("a length has a leading zero");
      return length;
    }
    const digit = byte - 0x30;
    if (digit < 0 || digit > 9) throw new GuacdProtocolError("a length has a character that is no digit");
    length = length * 10 + digit;
    if (length > maxElementCodePoints) throw new GuacdProtocolError("an element is too long");
  }
  return -2; // A dot and a terminator at least.
};

const dot = 0x2e;
const comma = 0x2c;
const semicolon = 0x3b;
/** Twice what the longest `args` of any guacd has. */
const maxElements = 256;
const maxElementCodePoints = 65_536;
/** Too little for too many elements of at least three bytes. */
const maxDrawingBytes = 3 * maxElements;

/** Index after `count` code points of valid UTF-8; beyond the end by at least one for each that is missing. */
const endOfUtf8 = (data: Buffer, words: DataView, start: number, count: number): number => {
  const size = data.length;
  let at = start;
  let left = count;
  for (const last = size - 16; left >= 16 && at <= last; at += 16) {
    const continuing =
      continuations(words.getInt32(at, true)) +
      continuations(words.getInt32(at + 4, true)) +
      continuations(words.getInt32(at + 8, true)) +
      continuations(words.getInt32(at + 12, true));
    left -= 16 - sumOfBytes(continuing);
  }
  for (const last = size - 4; left >= 4 && at <= last; at += 4)
    left -= 4 - sumOfBytes(continuations(words.getInt32(at, true)));
  for (; at < size; at++) {
    if (((data[at] ?? 0) & 0xc0) === 0x80) continue;
    if (left === 0) return at;
    left--;
  }
  return size + left;
};

/** Of the four bytes of a word, if it is below 256. */
const sumOfBytes = (word: number): number => Math.imul(word, 0x01010101) >>> 24;

/** A one in each byte of the word that is 10xxxxxx: it continues a character and does not count. */
const continuations = (word: number): number => (word >>> 7) & (~word >>> 6) & 0x01010101;

/** The same for any bytes, by guacd's own rule (unicode.c): a first byte decides the size, a stray one counts alone. */
export const endAsGuacdCounts = (data: Buffer, start: number, count: number): number => {
  const size = data.length;
  let at = start;
  for (let left = count; left > 0; left--) {
    if (at >= size) return size + left;
    at += characterBytes(data[at] ?? 0);
  }
  return at;
};

const characterBytes = (first: number): number => {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf8 ? 4 : 1;
};

const endOfWholeCharacters = (data: Buffer): number => {
  const size = data.length;
  for (let back = 1; back <= 3 && back <= size; back++) {
    const byte = data[size - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return characterBytes(byte) > back ? size - back : size;
  }
  return size;
};
