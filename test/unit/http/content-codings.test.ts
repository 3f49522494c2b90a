import { expect, test } from "vitest";
import { acceptedCodings } from "../../../src/http/content-codings.ts";

test.each([
  ["what browsers send", "gzip, deflate, br, zstd", ["br", "gzip"]],
  ["one coding", "gzip", ["gzip"]],
  ["a preference over ours", "br;q=0.5, gzip;q=0.8", ["gzip", "br"]],
  ["a refusal", "br;q=0, gzip", ["gzip"]],
  ["a refusal in three decimals", "br;q=0.000, gzip;q=0.001", ["gzip"]],
  ["anything", "*", ["br", "gzip"]],
  ["anything but", "*;q=0.4, br;q=0", ["gzip"]],
  ["nothing but what is named", "gzip, *;q=0", ["gzip"]],
  ["the old name", "x-gzip", ["gzip"]],
  ["capitals and spaces", " BR ; Q=0.9 ,GZip", ["gzip", "br"]],
  ["the file as it is, rather than compressed", "identity, br;q=0.5, gzip;q=0.9", []],
  ["the file as it is, if nothing else", "identity;q=0.1, gzip", ["gzip"]],
  ["codings that we lack", "deflate, zstd", []],
  ["nothing at all", "", []],
  ["weights that cannot be read", "br;q=high, gzip;q=2, br;level=3", []],
])("a header that asks for %s is understood", (_, header, codings) => {
  expect(acceptedCodings(header)).toEqual(codings);
});

test("a client that says nothing gets nothing compressed", () => {
  expect(acceptedCodings(undefined)).toEqual([]);
});
