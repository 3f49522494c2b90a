import { expect, test } from "vitest";
import { splitKey } from "../../../src/tunnel/split-key.ts";

test("a character beyond 16 bits becomes its two halves, pressed and let go alike", () => {
  expect(splitKey(["key", String(0x0101_f600), "1"])).toEqual([
    ["key", String(0x0100_d83d), "1"],
    ["key", String(0x0100_de00), "1"],
  ]);
});

test.each([["65505"], [String(0x0100_20ac)], ["97"], [String(0x0111_0000)], ["-5"]])(
  "the key %s stays one",
  (keysym) => {
    expect(splitKey(["key", keysym, "1"])).toEqual([["key", keysym, "1"]]);
  },
);

test("numbers of other instructions are not keys", () => {
  expect(splitKey(["sync", String(0x0101_f600)])).toEqual([["sync", String(0x0101_f600)]]);
});
