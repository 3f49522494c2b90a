import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeInstruction } from "../../../src/guacd/instruction.ts";
import { InstructionError, parseInstructions } from "../../../src/guacd/instruction-parser.ts";
import { officialParse } from "../../support/official-parser.ts";

const statusOf = (message: string): number | null => {
  try {
    parseInstructions(message);
    return null;
  } catch (error) {
    if (error instanceof InstructionError) return error.status;
    throw error;
  }
};

const elementsArbitrary = fc.array(fc.string({ unit: "binary", maxLength: 40 }), { minLength: 1, maxLength: 12 });

test("what is written is read back, whatever the characters", () => {
  fc.assert(
    fc.property(fc.array(elementsArbitrary, { minLength: 1, maxLength: 4 }), (instructions) => {
      expect(parseInstructions(instructions.map(encodeInstruction).join(""))).toEqual(instructions);
    }),
  );
});

test("valid messages read as the official parser reads them", () => {
  fc.assert(
    fc.property(fc.array(elementsArbitrary, { minLength: 1, maxLength: 4 }), (instructions) => {
      const message = instructions.map(encodeInstruction).join("");
      expect(parseInstructions(message)).toEqual(officialParse(message));
    }),
  );
});

test("any text either reads as the official parser reads it, and has no other spelling, or is refused", () => {
  const nearly = fc.string({ unit: fc.constantFrom("0", "1", "2", "3", ".", ",", ";", "a", "😀", "+", " ", "x", "e") });
  fc.assert(
    fc.property(nearly, (message) => {
      if (statusOf(message) !== null) return;
      const instructions = parseInstructions(message);
      expect(instructions).toEqual(officialParse(message));
      expect(instructions.map(encodeInstruction).join("")).toBe(message);
    }),
    { numRuns: 2000 },
  );
});

test("a lone surrogate is replaced when written and refused when read", () => {
  expect(encodeInstruction(["a", "x\ud83dy"])).toBe("1.a,3.x\ufffdy;");
  expect(statusOf("1.a,3.x\ud83dy;")).toBe(768);
});

test("lengths count code points", () => {
  expect(parseInstructions("3.key,1.😀;")).toEqual([["key", "😀"]]);
  expect(statusOf("3.key,2.😀;")).toBe(768);
});

test.each([
  ["a sign", "+3.nop;"],
  ["a minus", "-1.nop;"],
  ["a space before", " 3.nop;"],
  ["a space after", "3 .nop;"],
  ["hexadecimal", "0x3.nop;"],
  ["an exponent", "3e0.nop;"],
  ["a leading zero", "03.nop;"],
  ["six digits", "000003.nop;"],
  ["no digits", ".nop;"],
  ["other digits", "٣.nop;"],
  ["no length at all", "nop;"],
  ["a newline between instructions", "3.nop;\n3.nop;"],
  ["a wrong terminator", "3.nop:"],
  ["an unfinished instruction", "3.nop;3.no"],
  ["no terminator", "3.nop"],
  ["nothing", ""],
])("refuses %s as bad grammar", (_, message) => {
  expect(statusOf(message)).toBe(768);
});

test("accepts as much as guacd takes and no more", () => {
  const element = (length: number) => encodeInstruction(["x", "😀".repeat(length)]);
  expect(statusOf(element(8192))).toBe(781); // 8192 characters, yet 32,768 bytes without the rest
  expect(statusOf(encodeInstruction(["x", "a".repeat(8192)]))).toBeNull();
  expect(statusOf(encodeInstruction(["x", "a".repeat(8193)]))).toBe(781);
  expect(statusOf(encodeInstruction(Array.from({ length: 127 }, () => "a")))).toBeNull();
  expect(statusOf(encodeInstruction(Array.from({ length: 128 }, () => "a")))).toBe(781);
  const filler = (bytes: number) => {
    const head = encodeInstruction(["x", "a".repeat(8192), "a".repeat(8192), "a".repeat(8192)]).slice(0, -1);
    const body = bytes - head.length - ",1234.;".length;
    return `${head},${body}.${"a".repeat(body)};`;
  };
  expect(filler(32_768)).toHaveLength(32_768);
  expect(statusOf(filler(32_768))).toBeNull();
  expect(statusOf(filler(32_769))).toBe(781);
});

test("the empty opcode is legal", () => {
  expect(parseInstructions("0.,4.ping,1.5;")).toEqual([["", "ping", "5"]]);
});
