import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { decodeInstruction } from "../../../src/guacd/decode-instruction.ts";
import { downOpcodes } from "../../../src/guacd/down-opcode.ts";
import { GuacdProtocolError } from "../../../src/guacd/guacd-protocol-error.ts";
import { encodeInstruction } from "../../../src/guacd/instruction.ts";
import { InstructionScanner } from "../../../src/guacd/instruction-scanner.ts";
import { officialParse } from "../../support/official-parser.ts";
import { expectThat, type FuzzTarget } from "../parts/fuzz-target.ts";

/**
 * guacd's stream on its way to the browser. The same comes out however it is split, in valid UTF-8; it is what went in
 * where that was valid; Apache's parser reads the same instructions; and no more than 64 KiB wait for their end.
 */
export const scanner: FuzzTarget = {
  name: "scanner",
  seeds: [
    readFileSync(new URL("../../fixtures/guacd/ssh-1.3.0.guac", import.meta.url)).subarray(0, 3000),
    Buffer.from("4.size,1.0,2.10,2.10;4.sync,1.5;3.nop;4.name,3.é😀x;"),
    Buffer.from("4.blob,1.1,8.AAAAAAAA;3.end,1.1;3.ack,1.0,2.OK,1.0;9.clipboard,1.2,10.text/plain;"),
    Buffer.from("4.name,4.B\xfcro;4.sync,1.5;", "latin1"),
  ],
  words: [
    ...downOpcodes.map((name) => `${name.length}.${name},`),
    "4.sync,1.5;",
    ";",
    ",",
    ".",
    "65536.",
    "8192.",
    "0.,",
  ],

  run(input) {
    // The first byte says how it is split.
    const [split = 0] = input;
    const stream = input.subarray(1);
    const whole = scan(stream, stream.length);
    // A fault in what is too short to be judged is told when more has come.
    const more = whole === null ? Buffer.concat([stream, Buffer.alloc(70_000, ";")]) : stream;
    for (const size of [1 + (split % 64), stream.length > 600 ? 97 : 1]) {
      const parts = scan(stream, size) && scan(more, Math.max(size, more.length >> 12));
      const isSame = whole && parts ? isEqual(whole, parts) : whole === parts;
      expectThat(isSame, `split at every ${size} bytes it reads otherwise than whole`);
    }
    if (whole === null) return `no Guacamole: ${refusalOf(stream)}`;
    expectThat(isUtf8(whole.forwarded), "what is forwarded is no UTF-8");
    const text = whole.forwarded.toString("utf8");
    const official = officialParse(text);
    expectThat(official.map(encodeInstruction).join("") === text, "what is forwarded are not whole instructions");
    const seen = official.filter(([name]) => downOpcodes.some((known) => known === name));
    expectThat(
      JSON.stringify(seen) === JSON.stringify(whole.visited),
      "other instructions are seen than Apache's parser reads",
    );
    if (isUtf8(stream)) {
      expectThat(
        stream.subarray(0, text.length === 0 ? 0 : whole.forwarded.length).equals(whole.forwarded),
        "bytes are changed",
      );
      expectThat(stream.length - whole.forwarded.length <= 65_536, "more than 64 KiB are held");
    }
    if (split % 8 === 0)
      expectThat(scan(Buffer.concat([stream, endless]), 8192) === null, "an endless instruction is held");
    const opcodes = [...new Set(seen.map(([name]) => name))].sort().join();
    const rest = whole.forwarded.length < stream.length ? "unfinished" : "whole";
    return `${isUtf8(stream) ? "text" : "broken text"}, ${rest}, ${opcodes}`;
  },
};

/** Elements of one instruction, which are too many bytes together. */
const endless = Buffer.from(`9999.${"x".repeat(9999)},`.repeat(7));

interface Read {
  readonly forwarded: Buffer;
  readonly visited: string[][];
}

const isEqual = (a: Read, b: Read): boolean =>
  a.forwarded.equals(b.forwarded) && JSON.stringify(a.visited) === JSON.stringify(b.visited);

/** Null for what is no Guacamole. */
const scan = (stream: Buffer, size: number): Read | null => {
  const runs: Buffer[] = [];
  const visited: string[][] = [];
  try {
    push(stream, size, (run) => runs.push(run), visited);
  } catch (error) {
    if (error instanceof GuacdProtocolError) return null;
    throw error;
  }
  return { forwarded: Buffer.concat(runs), visited };
};

const push = (stream: Buffer, size: number, forward: (run: Buffer) => void, visited: string[][]): void => {
  const reader = new InstructionScanner({
    visit: (_opcode, data, start, end) => {
      visited.push(decodeInstruction(data, start, end));
      return true;
    },
    forward,
  });
  for (let at = 0; at < stream.length; at += size) reader.push(stream.subarray(at, at + size));
};

const refusalOf = (stream: Buffer): string => {
  try {
    push(stream, stream.length, () => undefined, []);
    return "";
  } catch (error) {
    return String(error);
  }
};
