import fc from "fast-check";
import { expect, test } from "vitest";
import { joinHalves } from "../../../src/ssh/join-halves.ts";

/** As a terminal that knows 16 bits writes it: each unit of UTF-16 for itself. */
const inHalves = (text: string): Buffer =>
  Buffer.concat(
    Array.from({ length: text.length }, (_, at) => {
      const unit = text.charCodeAt(at);
      if (unit < 0xd800 || unit > 0xdfff) return Buffer.from(String.fromCharCode(unit));
      return Buffer.from([0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
    }),
  );

const through = async (chunks: readonly Buffer[]): Promise<Buffer> => {
  const stream = joinHalves();
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return Buffer.concat(await stream.toArray());
};

test("text comes out as UTF-8 wherever the stream is cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.nat(), async (text, at) => {
      const bytes = inHalves(text);
      const cut = at % (bytes.length + 1);
      expect((await through([bytes.subarray(0, cut), bytes.subarray(cut)])).toString()).toBe(text);
    }),
  );
});

test("bytes that are no pair of halves come out as they went in", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(0xed, 0xa0, 0xb0, 0x80, 0x41)), async (list) => {
      const bytes = Buffer.from(list);
      const isPair = /\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]/.test(bytes.toString("latin1"));
      fc.pre(!isPair);
      expect(await through([bytes])).toEqual(bytes);
    }),
  );
});
