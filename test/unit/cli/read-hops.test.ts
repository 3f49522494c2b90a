import { describe, expect, test } from "vitest";
import { readHops } from "../../../src/cli/read-hops.ts";

describe("--via", () => {
  test.each([
    ["gw", ["", "gw", 22]],
    ["gw:2222", ["", "gw", 2222]],
    ["ann@gw.example", ["ann", "gw.example", 22]],
    ["fd00::1", ["", "fd00::1", 22]],
    ["ann@fd00::1", ["ann", "fd00::1", 22]],
    ["[fd00::1]:2222", ["", "fd00::1", 2222]],
    ["bücher.example", ["", "xn--bcher-kva.example", 22]],
  ] as const)("takes %s", (text, [username, host, port]) => {
    expect(readHops(text)).toEqual([{ username, host, port }]);
  });

  test("takes hops in their order, up to eight", () => {
    expect(readHops("a, b ,c").map(({ host }) => host)).toEqual(["a", "b", "c"]);
    expect(readHops("a,a,a,a,a,a,a,a")).toHaveLength(8);
    expect(() => readHops("a,a,a,a,a,a,a,a,a")).toThrow("at most 8 hops");
  });

  test.each(["", "a,,b", "a b", "gw:0", "gw:99999", "gw:x", "127.1", "a:b:c", "ann:secret@gw"])(
    "refuses %j",
    (text) => {
      expect(() => readHops(text)).toThrow(Error);
      expect(() => readHops(text)).not.toThrow("secret");
    },
  );
});
