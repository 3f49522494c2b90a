import type { Random } from "./random.ts";

const maxInputBytes = 8192;

type Mutation = (input: Buffer, random: Random, words: readonly string[], other: Buffer) => Buffer;

/** A changed copy of `input`: one to four changes, of which some take parts of `other`. */
export const mutate = (input: Buffer, random: Random, words: readonly string[], other: Buffer): Buffer => {
  let changed = input;
  for (let left = 1 + random.below(4); left > 0; left--) changed = random.of(mutations)(changed, random, words, other);
  return changed.subarray(0, maxInputBytes);
};

/** `input` with `count` bytes from `at` on replaced. */
const splice = (input: Buffer, at: number, count: number, put: Buffer): Buffer =>
  Buffer.concat([input.subarray(0, at), put, input.subarray(at + count)]);

/** A part of `input`, short ones more often than long ones. */
const range = (input: Buffer, random: Random): [at: number, count: number] => {
  const at = random.below(input.length + 1);
  return [at, random.below(Math.min(input.length - at, 2 ** random.below(12)) + 1)];
};

const partOf = (input: Buffer, random: Random): Buffer => {
  const [at, count] = range(input, random);
  return input.subarray(at, at + count);
};

/** Where readers change their mind. */
const edges = [0, 1, 2, 7, 8, 9, 15, 16, 31, 63, 64, 127, 128, 129, 255, 256, 257, 8192, 16_383, 32_767, 65_535];
const wideEdges = [...edges, 65_536, 2 ** 24 - 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
/** Text that is hard: astral, combining, cut short, overlong, a surrogate, Latin-1, a byte order mark. */
const hardTexts = [
  "f09f9880",
  "65cc81",
  "f09f98",
  "c080",
  "eda0bd",
  "fc",
  "efbbbf",
  "00",
  "e282",
  "f4908080",
  "0a",
].map((hex) => Buffer.from(hex, "hex"));

const changeLength: Mutation = (input, random) => {
  const lengths = [...input.toString("latin1").matchAll(/\d+/g)];
  const found = random.of(lengths);
  if (!found) return input;
  const near = Number(found[0]) + random.below(5) - 2;
  const text = random.of([String(near), String(random.of(wideEdges)), `0${found[0]}`, `+${found[0]}`, ""]);
  return splice(input, found.index, found[0].length, Buffer.from(text ?? ""));
};

/** Puts a word in the place of what stands between two separators. */
const replaceToken: Mutation = (input, random, words) => {
  const token = random.of([...input.toString("latin1").matchAll(/[^,;\s]+/g)]);
  return token ? splice(input, token.index, token[0].length, Buffer.from(random.of(words) ?? "", "latin1")) : input;
};

const mutations: [Mutation, ...Mutation[]] = [
  function flipBit(input, random) {
    if (input.length === 0) return input;
    const changed = Buffer.from(input);
    const at = random.below(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    return changed;
  },
  function setByte(input, random) {
    if (input.length === 0) return input;
    return splice(input, random.below(input.length), 1, Buffer.of(random.below(256)));
  },
  function setNumber(input, random) {
    const size = random.of([2, 3, 4]);
    if (input.length < size) return input;
    const number = Buffer.alloc(size);
    const value = (random.of(wideEdges) ?? 0) % 2 ** (8 * size);
    if (random.below(2) === 0) number.writeUIntBE(value, 0, size);
    else number.writeUIntLE(value, 0, size);
    return splice(input, random.below(input.length - size + 1), size, number);
  },
  function insertBytes(input, random) {
    const bytes = Buffer.from(Array.from({ length: 1 + random.below(8) }, () => random.below(256)));
    return splice(input, random.below(input.length + 1), 0, bytes);
  },
  function insertWord(input, random, words) {
    return splice(input, random.below(input.length + 1), 0, Buffer.from(random.of(words) ?? "", "latin1"));
  },
  function insertHardText(input, random) {
    return splice(input, random.below(input.length + 1), 0, random.of(hardTexts) ?? Buffer.alloc(0));
  },
  function cutOut(input, random) {
    return splice(input, ...range(input, random), Buffer.alloc(0));
  },
  function cutShort(input, random) {
    return input.subarray(0, random.below(input.length + 1));
  },
  function repeat(input, random) {
    const part = partOf(input, random);
    const times = Math.min(2 ** random.below(9), Math.ceil(maxInputBytes / (part.length + 1)));
    return splice(input, random.below(input.length + 1), 0, Buffer.concat(Array.from({ length: times }, () => part)));
  },
  function putPartOfOther(input, random, _words, other) {
    return splice(input, ...range(input, random), partOf(other, random));
  },
  function goOnAsOther(input, random, _words, other) {
    return Buffer.concat([
      input.subarray(0, random.below(input.length + 1)),
      other.subarray(random.below(other.length + 1)),
    ]);
  },
  changeLength,
  changeLength,
  replaceToken,
];
