import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startCountdown } from "../../../src/web/session/countdown.ts";
import { countedTime, limitWords } from "../../../src/web/session/time-words.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a countdown changes once a second and is spoken at 30, 10 and 0 seconds alone", () => {
  const shown: number[] = [];
  const spoken: number[] = [];
  startCountdown({
    untilMs: Date.now() + 33_000,
    show: (left) => shown.push(left),
    speak: (left) => spoken.push(left),
  });
  vi.advanceTimersByTime(40_000);
  expect(shown).toEqual(Array.from({ length: 34 }, (_, index) => 33 - index));
  expect(spoken).toEqual([30, 10, 0]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a countdown that slept speaks once for what it missed", () => {
  const spoken: number[] = [];
  startCountdown({ untilMs: Date.now() + 60_000, show: () => undefined, speak: (left) => spoken.push(left) });
  vi.setSystemTime(Date.now() + 55_000);
  vi.advanceTimersByTime(1_000);
  expect(spoken).toEqual([4]);
});

test("a countdown that is stopped is silent", () => {
  const shown: number[] = [];
  const stop = startCountdown({
    untilMs: Date.now() + 60_000,
    show: (left) => shown.push(left),
    speak: () => undefined,
  });
  stop();
  vi.advanceTimersByTime(90_000);
  expect(shown).toEqual([60]);
});

test("times that run are told in minutes and seconds", () => {
  expect([288, 120, 119, 60, 45, 0].map(countedTime)).toEqual([
    "4 min 48 s",
    "2 min",
    "1 min 59 s",
    "1 min",
    "45 s",
    "0 s",
  ]);
});

test("limits are told in their largest whole unit", () => {
  expect([28_800_000, 5_400_000, 45_000].map(limitWords)).toEqual(["8-hour", "90-minute", "45-second"]);
});
