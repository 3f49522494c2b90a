import { expect, test } from "vitest";
import { fitsNameGlob } from "../../../src/roads/name-glob.ts";

test.each([
  ["*", "db-1"],
  ["*", "db-1.plant.example"],
  ["db-1", "DB-1"],
  ["*.plant.example", "db-1.plant.example"],
  ["*.plant.example", "a.b.plant.example"],
  ["db-*.example", "db-12.example"],
])("%s lets %s pass", (glob, name) => {
  expect(fitsNameGlob(glob, name)).toBe(true);
});

test.each([
  ["db-1", "db-10"],
  ["db-1", "xdb-1"],
  ["*.plant.example", "plant.example"],
  ["*.plant.example", "db-1.plant.example.org"],
  ["a.b", "axb"],
  ["", "a"],
])("%s does not let %s pass", (glob, name) => {
  expect(fitsNameGlob(glob, name)).toBe(false);
});
