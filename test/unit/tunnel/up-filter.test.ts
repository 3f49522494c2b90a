import { describe, expect, test } from "vitest";
import { UpFilter } from "../../../src/tunnel/up-filter.ts";
import { upOpcodes } from "../../../src/tunnel/up-opcodes.ts";

const filterOf = (options: Partial<ConstructorParameters<typeof UpFilter>[0]> = {}) =>
  new UpFilter({ mode: "owner", pasteAllowed: true, isAsked: () => false, ...options });
const decide = (elements: readonly string[]) => filterOf().decide(elements);
const pass = { kind: "pass", input: false };
const input = { kind: "pass", input: true };
const drop = { kind: "drop" };
const refuse = (stream: string) => ({ kind: "refuse", stream, why: "Not allowed." });

/** One row for each opcode: right arguments, what becomes of them, and which of them must be numbers. */
const rows: Record<string, { right: string[]; verdict: object; numbers?: number[] }> = {
  sync: { right: ["123456"], verdict: pass, numbers: [0] },
  ack: { right: ["0", "OK", "0"], verdict: pass, numbers: [0, 2] },
  nop: { right: [], verdict: pass },
  key: { right: ["65293", "1"], verdict: input, numbers: [0, 1] },
  mouse: { right: ["10", "20", "1"], verdict: input, numbers: [0, 1, 2] },
  touch: { right: ["1", "10", "20", "5", "5", "0", "0.5"], verdict: input, numbers: [0, 1, 2, 3, 4] },
  size: { right: ["800", "600"], verdict: { kind: "size", width: 800, height: 600 }, numbers: [0, 1] },
  clipboard: { right: ["0", "text/plain"], verdict: pass, numbers: [0] },
  argv: { right: ["0", "text/plain", "password"], verdict: refuse("0"), numbers: [0] },
  blob: { right: ["0", "AAAA"], verdict: drop, numbers: [0] },
  end: { right: ["0"], verdict: drop, numbers: [0] },
  disconnect: { right: [], verdict: { kind: "end" } },
  file: { right: ["3", "text/plain", "a.txt"], verdict: refuse("3"), numbers: [0] },
  pipe: { right: ["3", "text/plain", "x"], verdict: refuse("3"), numbers: [0] },
  audio: { right: ["3", "audio/L16"], verdict: refuse("3"), numbers: [0] },
  put: { right: ["0", "4", "text/plain", "/a"], verdict: refuse("4"), numbers: [0, 1] },
  get: { right: ["0", "/a"], verdict: drop, numbers: [0] },
};

test("the rows below are the table of the filter, no more and no less", () => {
  expect(Object.keys(rows).sort()).toEqual(Object.keys(upOpcodes).sort());
});

describe.each(Object.entries(rows))("%s", (opcode, { right, verdict, numbers = [] }) => {
  test("with right arguments gets what the table says, and with more of them the same", () => {
    expect(decide([opcode, ...right])).toEqual(verdict);
    if (right.length > 0) expect(decide([opcode, ...right, "more"])).toEqual(verdict);
  });

  test("with fewer arguments is dropped", () => {
    for (let count = 0; count < right.length; count++) expect(decide([opcode, ...right.slice(0, count)])).toEqual(drop);
  });

  test("with anything but a whole number where one belongs is dropped", () => {
    const wrong = ["", "x", "1x", "0x1", "1e3", " 1", "+1", "1.5", "١", "9".repeat(16), "-"];
    for (const index of numbers)
      for (const text of wrong) expect(decide([opcode, ...right.with(index, text)]), `${index}: ${text}`).toEqual(drop);
  });
});

test.each([
  "",
  "select",
  "connect",
  "args",
  "error",
  "required",
  "rect",
  "img",
  "sp-notice",
  "KEY",
  "key ",
  "__proto__",
  "constructor",
  "toString",
])("an opcode outside the table is dropped: %j", (opcode) =>
  expect(decide([opcode, "1", "1", "1", "1", "1", "1", "1"])).toEqual(drop),
);

test.each([
  ["0", "600"],
  ["800", "0"],
  ["-1", "600"],
  ["8193", "600"],
  ["800", "8193"],
  ["999999999999999", "1"],
])("a size of %s × %s is dropped; guacd would allocate it", (width, height) =>
  expect(decide(["size", width, height])).toEqual(drop),
);

test("the largest display passes", () =>
  expect(decide(["size", "8192", "8192"])).toEqual({ kind: "size", width: 8192, height: 8192 }));

describe("streams", () => {
  test("blob and end pass for the clipboard that was opened, until its end, and for no other stream", () => {
    const filter = filterOf();
    expect(filter.decide(["blob", "0", "AAAA"])).toEqual(drop);
    expect(filter.decide(["clipboard", "0", "text/plain"])).toEqual(pass);
    expect(filter.decide(["blob", "0", "AAAA"])).toEqual(pass);
    expect(filter.decide(["blob", "1", "AAAA"])).toEqual(drop);
    expect(filter.decide(["end", "0"])).toEqual(pass);
    expect(filter.decide(["blob", "0", "AAAA"])).toEqual(drop);
    expect(filter.decide(["end", "0"])).toEqual(drop);
  });

  test("a refused file opens no stream", () => {
    const filter = filterOf();
    filter.decide(["file", "5", "text/plain", "a"]);
    expect(filter.decide(["blob", "5", "AAAA"])).toEqual(drop);
  });

  test("without pasting the clipboard is refused on its stream, and its blobs go nowhere", () => {
    const filter = filterOf({ pasteAllowed: false });
    expect(filter.decide(["clipboard", "7", "text/plain"])).toMatchObject({ kind: "refuse", stream: "7" });
    expect(filter.decide(["blob", "7", "AAAA"])).toEqual(drop);
  });

  test("no more streams are open at once than guacd has room for", () => {
    const filter = filterOf();
    for (let stream = 0; stream < 64; stream++)
      expect(filter.decide(["clipboard", String(stream), "text/plain"])).toEqual(pass);
    expect(filter.decide(["clipboard", "64", "text/plain"])).toMatchObject({ kind: "refuse", stream: "64" });
    filter.decide(["end", "3"]);
    expect(filter.decide(["clipboard", "64", "text/plain"])).toEqual(pass);
  });
});

describe("answers", () => {
  test("go to the gateway for a name that was asked for, and on no other stream", () => {
    const filter = filterOf({ isAsked: (name) => name === "password" });
    expect(filter.decide(["argv", "1", "text/plain", "font-size"])).toEqual(refuse("1"));
    expect(filter.decide(["blob", "1", "AAAA"])).toEqual(drop);
    expect(filter.decide(["argv", "2", "text/plain", "password"])).toEqual({ kind: "answer" });
    expect(filter.decide(["blob", "2", "AAAA"])).toEqual({ kind: "answer" });
    expect(filter.decide(["end", "2"])).toEqual({ kind: "answer" });
    expect(filter.decide(["end", "2"])).toEqual(drop);
  });
});

describe("who looks on", () => {
  test.each(Object.entries(rows))("sends %s only as the table allows", (opcode, { right }) => {
    const filter = filterOf({ mode: "view", isAsked: () => true });
    const allowed = { sync: pass, ack: pass, nop: pass, disconnect: { kind: "end" } };
    expect(filter.decide([opcode, ...right])).toEqual(allowed[opcode as keyof typeof allowed] ?? drop);
  });
});
