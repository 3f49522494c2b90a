import { expect, test } from "vitest";
import { pageQuery } from "../../../src/http/route.ts";

test.each([
  [{}, { limit: 100, offset: 0 }],
  [
    { limit: "1000", offset: "7" },
    { limit: 1000, offset: 7 },
  ],
  [{ limit: "1001" }, { limit: 1000, offset: 0 }],
  [
    { limit: "9".repeat(400), offset: "9".repeat(400) },
    { limit: 1000, offset: 2 ** 31 - 1 },
  ],
])("a page asked for as %j is %j: too much is clamped, never refused", (query, expected) => {
  expect(pageQuery.parse(query)).toEqual(expected);
});
