import { isUtf8 } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeInstruction } from "../../../src/guacd/decode-instruction.ts";
import { downOpcodes } from "../../../src/guacd/down-opcode.ts";
import { GuacdProtocolError } from "../../../src/guacd/guacd-protocol-error.ts";
import { encodeInstruction } from "../../../src/guacd/instruction.ts";
import { InstructionScanner } from "../../../src/guacd/instruction-scanner.ts";
import { officialParse } from "../../support/official-parser.ts";

/** Pushes `stream` cut at `cuts`; gives what was forwarded and what was visited. */
const scan = (stream: Buffer, cuts: readonly number[], drop: ReadonlySet<string> = new Set()) => {
  const runs: Buffer[] = [];
  const visited: string[][] = [];
  const scanner = new InstructionScanner({
    visit: (opcode, data, start, end) => {
      visited.push(decodeInstruction(data, start, end));
      return !drop.has(opcode);
    },
    forward: (run) => runs.push(run),
  });
  let from = 0;
  for (const cut of [...[...cuts].sort((a, b) => a - b), stream.length]) {
    scanner.push(stream.subarray(from, cut));
    from = cut;
  }
  return { forwarded: Buffer.concat(runs), runs, visited };
};

const fixtures = new URL("../../fixtures/guacd/", import.meta.url);
const streams = readdirSync(fixtures)
  .filter((name) => name.endsWith(".guac"))
  .map((name) => ({ name, stream: readFileSync(new URL(name, fixtures)) }));

const interesting = (instructions: string[][]) =>
  instructions.filter(([opcode]) => downOpcodes.some((known) => known === opcode));

describe.each(streams)("the captured stream $name", ({ stream }) => {
  const expected = officialParse(stream.toString("utf8"));

  test("gives the same bytes and the same instructions however it is split", () => {
    const cuts = fc.array(fc.nat(stream.length), { maxLength: 60 });
    fc.assert(
      fc.property(cuts, (at) => {
        const { forwarded, visited } = scan(stream, at);
        expect(forwarded.equals(stream)).toBe(true);
        expect(visited).toEqual(interesting(expected));
      }),
      { numRuns: 60 },
    );
  });

  test("gives the same when it comes byte by byte", () => {
    const part = stream.subarray(0, 12_000);
    const whole = scan(part, []);
    const single = scan(
      part,
      Array.from(part, (_, at) => at),
    );
    expect(single.forwarded.equals(whole.forwarded)).toBe(true);
    expect(single.visited).toEqual(whole.visited);
  });

  test("every forwarded run holds whole instructions", () => {
    const { runs } = scan(stream, [1000, 5000, 5001, 9999]);
    for (const run of runs) officialParse(run.toString("utf8"));
    expect(runs.flatMap((run) => officialParse(run.toString("utf8")))).toEqual(expected);
  });

  test("dropped instructions are cut out and nothing else is", () => {
    const { forwarded } = scan(stream, [777, 4096, 8192], new Set(["blob", "sync"]));
    const kept = expected.filter(([opcode]) => opcode !== "blob" && opcode !== "sync");
    expect(officialParse(forwarded.toString("utf8"))).toEqual(kept);
  });
});

const opcodeArbitrary = fc.oneof(fc.constantFrom(...downOpcodes), fc.constantFrom("rect", "copy", "size", "", "sp-x"));
const instructionArbitrary = fc.tuple(
  opcodeArbitrary,
  fc.array(fc.string({ unit: "binary", maxLength: 60 }), { maxLength: 4 }),
);

test("any instructions, split anywhere, inside characters too, come out as they went in", () => {
  fc.assert(
    fc.property(
      fc.array(instructionArbitrary, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(3000), { maxLength: 40 }),
      (instructions, cuts) => {
        const elements = instructions.map(([opcode, args]) => [opcode, ...args]);
        const stream = Buffer.from(elements.map(encodeInstruction).join(""));
        const { forwarded, visited } = scan(
          stream,
          cuts.map((cut) => Math.min(cut, stream.length)),
        );
        expect(forwarded.equals(stream)).toBe(true);
        expect(visited).toEqual(interesting(elements));
      },
    ),
    { numRuns: 500 },
  );
});

test("characters of every length, cut at any two bytes, come out whole and are counted right", () => {
  const elements = [
    ["name", "né€😀\u{10ffff}"],
    ["sync", "5"],
    ["msg", "\u{1f469}\u200d\u{1f680}e\u0301"],
  ];
  const stream = Buffer.from(elements.map(encodeInstruction).join(""));
  for (let first = 0; first <= stream.length; first++)
    for (let second = first; second <= stream.length; second++) {
      const { forwarded, visited } = scan(stream, [first, second]);
      expect(forwarded.equals(stream)).toBe(true);
      expect(visited).toEqual(interesting(elements));
    }
});

test("a lone surrogate in bytes reaches the browser as U+FFFD, and what follows it stands", () => {
  const stream = Buffer.concat([Buffer.from("4.name,1."), Buffer.from("eda0bd", "hex"), Buffer.from(";4.sync,1.5;")]);
  for (let cut = 0; cut <= stream.length; cut++) {
    const { forwarded, visited } = scan(stream, [cut]);
    expect(visited).toEqual([["sync", "5"]]);
    expect(isUtf8(forwarded)).toBe(true);
    expect(forwarded.toString("utf8")).toMatch(/^4\.name,(\d)\.\ufffd{1,3};4\.sync,1\.5;$/);
  }
});

test("a chunk without a cut in it is passed on as it is, not copied", () => {
  const chunk = Buffer.from("4.rect,1.0,1.0;4.sync,1.5;");
  expect(scan(chunk, []).runs).toEqual([chunk]);
  expect(scan(chunk, []).runs[0]?.buffer).toBe(chunk.buffer);
});

test("text that a target sent in Latin-1 neither ends the session nor reaches the browser as it is", () => {
  const stream = Buffer.concat([
    Buffer.from("4.size,1.0,2.10;4.name,4."),
    Buffer.from([0x42, 0xfc, 0x72, 0x6f]), // "Büro" in Latin-1, four characters as guacd counts
    Buffer.from(";4.sync,1.5;"),
  ]);
  for (let cut = 0; cut <= stream.length; cut++) {
    const { forwarded } = scan(stream, [cut]);
    expect(forwarded.toString("utf8")).toBe("4.size,1.0,2.10;4.name,4.B\ufffdro;4.sync,1.5;");
  }
});

test("bytes that are no UTF-8 at all cannot move an instruction's end or stop the stream", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 24 }), fc.array(fc.nat(80), { maxLength: 5 }), (bytes, cuts) => {
      // As guacd writes a string from a target: the length by its own rule, which reads on past a cut character.
      const { text, count } = asGuacdWrites(Buffer.from(bytes));
      const stream = Buffer.concat([Buffer.from(`3.nop;3.msg,${count}.`), text, Buffer.from(";4.sync,1.7;3.nop;")]);
      const { visited, forwarded } = scan(
        stream,
        cuts.map((cut) => Math.min(cut, stream.length)),
      );
      expect(visited.map(([opcode]) => opcode)).toEqual(["msg", "sync"]);
      expect(Buffer.from(forwarded.toString("utf8")).equals(forwarded)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

const asGuacdWrites = (bytes: Buffer): { text: Buffer; count: number } => {
  let count = 0;
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    at += first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 1;
    count++;
  }
  return { text: Buffer.concat([bytes, Buffer.alloc(at - bytes.length, 0x80)]), count };
};

test.each([
  ["a sign", "+3.nop;"],
  ["a space", " 3.nop;"],
  ["hexadecimal", "0x3.nop;"],
  ["a minus", "-1.nop;"],
  ["a second spelling of an opcode", "04.sync,1.5;"],
  ["a length beyond 65,536", "70000.x"],
  ["no length", ".nop;"],
  ["a wrong terminator", "3.nop!"],
  ["a newline between instructions", "3.nop;\n3.nop;"],
])("refuses %s", (_, text) => {
  expect(() => scan(Buffer.from(text), [])).toThrow(GuacdProtocolError);
  expect(() =>
    scan(
      Buffer.from(text),
      Array.from(text, (_character, at) => at),
    ),
  ).toThrow(GuacdProtocolError);
});

test("any bytes come to the same end however they are split: the same instructions, or no Guacamole", () => {
  const bytes = [..."012345.,;;.,a", 0xfc, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80].map((one) =>
    typeof one === "number" ? one : one.charCodeAt(0),
  );
  const piece = fc.oneof(
    fc.array(fc.constantFrom(...bytes), { maxLength: 12 }).map((some) => Buffer.from(some)),
    fc.constantFrom("3.nop;", "4.name,2.é😀;", "4.sync,1.5;", "4.name,3.").map((text) => Buffer.from(text)),
  );
  const outcomeOf = (stream: Buffer, cuts: readonly number[]) => {
    try {
      const { forwarded, visited } = scan(stream, cuts);
      return { forwarded: forwarded.toString("latin1"), visited };
    } catch (error) {
      if (error instanceof GuacdProtocolError) return "no Guacamole";
      throw error;
    }
  };
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.array(fc.nat(90), { maxLength: 8 }), (pieces, cuts) => {
      const stream = Buffer.concat(pieces);
      const within = cuts.map((cut) => Math.min(cut, stream.length));
      const whole = outcomeOf(stream, []);
      // What is too short to be judged waits for more, so a fault may be told only later.
      const follow = whole === "no Guacamole" ? Buffer.concat([stream, Buffer.alloc(70_000, ";")]) : stream;
      expect(outcomeOf(follow, within)).toEqual(whole);
    }),
    { numRuns: 2000 },
  );
});

test("an instruction that never ends is given up after 64 KiB", () => {
  const endless = Buffer.from(`4.name,${"8192.".concat("x".repeat(8192), ",").repeat(9)}`);
  expect(() => scan(endless, [1])).toThrow(GuacdProtocolError);
  expect(() => scan(Buffer.from(`4.name${",0.".repeat(400)};`), [])).toThrow(GuacdProtocolError);
});
