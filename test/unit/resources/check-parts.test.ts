import { expect, test } from "vitest";
import { checkParts } from "../../../src/resources/ops/check-parts.ts";

test("what is missing is named, in the order of the parts, and nothing else", async () => {
  const part = (isThere: boolean) => async () => isThere;
  expect(await checkParts({ listener: part(true), database: part(true) })).toEqual([]);
  expect(await checkParts({ listener: part(false), database: part(true), guacd: part(false) })).toEqual([
    "listener",
    "guacd",
  ]);
});
