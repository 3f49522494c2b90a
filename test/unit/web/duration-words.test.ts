import { expect, test } from "vitest";
import { durationWords, momentWords } from "../../../src/web/portal/duration-words.ts";

test.each([
  [-5, "0 s"],
  [18_900, "18 s"],
  [60_000, "1 min"],
  [47 * 60_000 + 59_000, "47 min"],
  [126 * 60_000, "2 h 06 min"],
  [27 * 3_600_000, "1 d 3 h"],
])("%d ms reads %s", (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 42).getTime();

test.each([
  [at(24, 14), "14:42"],
  [at(23, 23), "Yesterday 23:42"],
  [at(19, 9), "Thu 09:42"],
  [at(3, 9), "3 Nov 09:42"],
])("a moment seen on Tuesday 24 November reads as people say it", (ms, words) => {
  expect(momentWords(ms, at(24, 15))).toBe(words);
});
