import { expect, test } from "vitest";
import { Backoff } from "../../../src/guacd/backoff.ts";

test("pauses double up to the longest, and begin anew after a reset", () => {
  const backoff = new Backoff({ firstMs: 200, longestMs: 1000, random: () => 0 });
  expect([1, 2, 3, 4, 5].map(() => backoff.nextMs())).toEqual([200, 400, 800, 1000, 1000]);
  backoff.reset();
  expect(backoff.nextMs()).toBe(200);
});

test("chance shortens a pause by up to a half, so that many do not come in the same moment", () => {
  const pauses = Array.from({ length: 200 }, () => new Backoff({ firstMs: 1000, longestMs: 1000 }).nextMs());
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(500);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(1000);
  expect(new Set(pauses.map(Math.round)).size).toBeGreaterThan(50);
});
