import { InstructionError, parseInstructions } from "../../../src/guacd/instruction-parser.ts";
import { UpFilter, type UpVerdict } from "../../../src/tunnel/up-filter.ts";
import { upOpcodes } from "../../../src/tunnel/up-opcodes.ts";
import { PassedUp } from "../../support/passed-up.ts";
import { expectThat, type FuzzTarget } from "../parts/fuzz-target.ts";

const asks = (name: string) => name === "password";
const ways = [
  { mode: "owner", pasteAllowed: true, isAsked: asks },
  { mode: "owner", pasteAllowed: false, isAsked: () => false },
  { mode: "view", pasteAllowed: true, isAsked: asks },
] as const;

/** What a browser says: whichever way it is attached, only what that way allows goes on to guacd. */
export const upFilter: FuzzTarget = {
  name: "up-filter",
  seeds: [
    "3.key,5.65293,1.1;5.mouse,2.10,2.20,1.1;4.size,3.800,3.600;",
    "9.clipboard,1.0,10.text/plain;4.blob,1.0,4.AAAA;3.end,1.0;",
    "4.argv,1.1,10.text/plain,8.password;4.blob,1.1,4.AAAA;3.end,1.1;",
    "4.sync,3.123;3.ack,1.0,2.OK,1.0;3.nop;10.disconnect;",
    "4.file,1.3,10.text/plain,1.a;3.put,1.0,1.4,10.text/plain,2./a;5.touch,1.1,1.2,1.3,1.4,1.5,1.0,3.0.5;",
    Array.from({ length: 66 }, (_, stream) => `9.clipboard,2.${10 + stream},0.;`).join(""),
  ].map((text) => Buffer.from(text)),
  words: [
    ...Object.keys(upOpcodes).map((name) => `${name.length}.${name},`),
    ...["1.0", "1.1", "2.-1", "16.9999999999999999", "9.__proto__", "11.constructor", "8.password"],
  ],

  run(input) {
    const instructions = parsed(input.toString("utf8"));
    if (!instructions) return "no message";
    const verdicts = ways.map((way) => {
      const filter = new UpFilter(way);
      const guacd = new PassedUp({ mode: way.mode, mayPaste: way.pasteAllowed });
      return instructions.map((elements) => {
        const verdict = filter.decide(elements);
        if (verdict.kind === "pass") guacd.take(elements);
        expectThat(verdict.kind !== "size" || isDisplay(verdict), "a size that is none");
        return `${Object.hasOwn(upOpcodes, elements[0] ?? "") ? elements[0] : "other"} ${verdict.kind}`;
      });
    });
    return verdicts.map((kinds) => [...new Set(kinds)].sort().slice(0, 3).join()).join(" | ");
  },
};

const parsed = (message: string): string[][] | null => {
  try {
    return parseInstructions(message);
  } catch (error) {
    if (error instanceof InstructionError) return null;
    throw error;
  }
};

const isDisplay = ({ width, height }: Extract<UpVerdict, { kind: "size" }>): boolean =>
  [width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= 8192);
