import { expect, test } from "vitest";
import { DroppedStreams } from "../../../src/guacd/dropped-streams.ts";

test("a dropped stream's blobs and end are cut out, another's pass", () => {
  const dropped = new DroppedStreams();
  dropped.opened("clipboard", ["2", "text/plain"], true);
  dropped.opened("img", ["3", "14", "0", "image/png", "0", "0"], false);
  expect(dropped.passes("blob", ["2", "c2VjcmV0"])).toBe(false);
  expect(dropped.passes("blob", ["3", "AAAA"])).toBe(true);
  expect(dropped.passes("end", ["2"])).toBe(false);
  expect(dropped.isEmpty).toBe(true);
});

test("guacd may give the number of a refused stream to the next one without an end", () => {
  const dropped = new DroppedStreams();
  dropped.opened("file", ["1", "text/plain", "a"], true);
  dropped.opened("img", ["1", "14", "0", "image/png", "0", "0"], false);
  expect(dropped.passes("blob", ["1", "AAAA"])).toBe(true);
});

test("the stream of a body stands after its object", () => {
  const dropped = new DroppedStreams();
  dropped.opened("body", ["7", "4", "text/plain", "a"], true);
  expect(dropped.passes("blob", ["4", "AAAA"])).toBe(false);
  expect(dropped.passes("blob", ["7", "AAAA"])).toBe(true);
});
