import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Stopwatch } from "../../../src/sessions/stopwatch.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

test("it runs from the beginning, and a pause is not counted, however often it is told", () => {
  const watch = new Stopwatch();
  vi.advanceTimersByTime(1000);
  expect(watch.seconds).toBeCloseTo(1);
  watch.pause();
  vi.advanceTimersByTime(60_000);
  watch.pause();
  expect(watch.seconds).toBeCloseTo(1);
  watch.resume();
  watch.resume();
  vi.advanceTimersByTime(500);
  expect(watch.seconds).toBeCloseTo(1.5);
});
