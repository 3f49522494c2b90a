import { encodeInstruction } from "../../../src/guacd/instruction.ts";
import { InstructionError, parseInstructions } from "../../../src/guacd/instruction-parser.ts";
import { officialParse } from "../../support/official-parser.ts";
import { expectThat, type FuzzTarget } from "../parts/fuzz-target.ts";

/** A browser's message: refused, or read as Apache's parser reads it and as guacd would get it, byte for byte. */
export const parser: FuzzTarget = {
  name: "parser",
  seeds: ["3.key,5.65293,1.1;", "5.mouse,2.10,2.20,1.1;4.sync,6.123456;", "4.blob,1.0,4.😀é€x;0.,4.ping,1.5;"].flatMap(
    (text) => [Buffer.from(`\0${text}`), Buffer.concat([Buffer.of(1), Buffer.from(text, "utf16le")])],
  ),
  words: ["3.key,", "0.,", ";", ",", ".", "8192.", "8193.", "99999.", "+3.", "03.", "1.😀"],

  run(input) {
    const message = textOf(input);
    let instructions: string[][];
    try {
      instructions = parseInstructions(message);
    } catch (error) {
      if (error instanceof InstructionError) return `${error.status}: ${error.message}`;
      throw error;
    }
    expectThat(instructions.map(encodeInstruction).join("") === message, "what guacd gets is not what was sent");
    expectThat(
      JSON.stringify(instructions) === JSON.stringify(officialParse(message)),
      "Apache's parser reads it otherwise",
    );
    return `${Math.min(instructions.length, 3)} instructions of ${[...new Set(instructions.map(({ length }) => Math.min(length, 9)))].sort().join()}`;
  },
};

/** The first byte says which encoding, as only UTF-16 can bring lone surrogates. */
const textOf = (input: Buffer): string => {
  if ((input[0] ?? 0) % 2 === 0) return input.toString("utf8", 1);
  const units = Math.floor((input.length - 1) / 2);
  // Unit by unit: Node 24.21 writes beyond its memory when it decodes UTF-16 at an odd address.
  return Array.from({ length: units }, (_, unit) => String.fromCharCode(input.readUInt16LE(1 + 2 * unit))).join("");
};
