import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Countdown } from "../../../src/sessions/countdown.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

const countdown = (limitMs = 10_000, warnBeforeMs = 3_000) => {
  const warnings: (number | null)[] = [];
  const onOver = vi.fn();
  const made = new Countdown({
    limitMs,
    warnBeforeMs,
    onWarn: (leftMs) => warnings.push(leftMs === null ? null : Math.round(leftMs)),
    onOver,
  });
  return { made, warnings, onOver };
};

test("warns once and is over at its limit", () => {
  const { made, warnings, onOver } = countdown();
  made.start();
  vi.advanceTimersByTime(6_999);
  expect(warnings).toEqual([]);
  vi.advanceTimersByTime(2);
  expect(warnings).toEqual([3_000]);
  vi.advanceTimersByTime(2_990);
  expect(onOver).not.toHaveBeenCalled();
  vi.advanceTimersByTime(20);
  expect(onOver).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(60_000);
  expect(onOver).toHaveBeenCalledOnce();
});

test("putting it off takes the warning back, and warns anew later", () => {
  const { made, warnings, onOver } = countdown();
  made.start();
  vi.advanceTimersByTime(8_000);
  made.putOff();
  expect(warnings).toEqual([3_000, null]);
  vi.advanceTimersByTime(9_000);
  expect(warnings).toEqual([3_000, null, 3_000]);
  expect(onOver).not.toHaveBeenCalled();
});

test("one that is put off again and again is never over and never warns", () => {
  const { made, warnings, onOver } = countdown();
  made.start();
  for (let key = 0; key < 100; key++) {
    vi.advanceTimersByTime(5_000);
    made.putOff();
  }
  expect(warnings).toEqual([]);
  expect(onOver).not.toHaveBeenCalled();
});

test("a pause keeps what is left, and putting it off in a pause changes nothing", () => {
  const { made, onOver } = countdown(10_000, 0);
  made.start();
  vi.advanceTimersByTime(6_000);
  made.pause();
  made.putOff();
  vi.advanceTimersByTime(60_000);
  made.resume();
  vi.advanceTimersByTime(3_990);
  expect(onOver).not.toHaveBeenCalled();
  vi.advanceTimersByTime(20);
  expect(onOver).toHaveBeenCalledOnce();
});

test("started in a pause it waits for the end of the pause, with its whole limit", () => {
  const { made, onOver } = countdown(10_000, 0);
  made.start();
  made.pause();
  made.start();
  vi.advanceTimersByTime(60_000);
  made.resume();
  vi.advanceTimersByTime(9_990);
  expect(onOver).not.toHaveBeenCalled();
  vi.advanceTimersByTime(20);
  expect(onOver).toHaveBeenCalledOnce();
});

test("a limit of 0 is none, and one that is stopped or never started is never over", () => {
  const none = countdown(0);
  none.made.start();
  const stopped = countdown();
  stopped.made.start();
  stopped.made.stop();
  const idle = countdown();
  idle.made.putOff();
  idle.made.resume();
  vi.advanceTimersByTime(100_000);
  for (const { onOver } of [none, stopped, idle]) expect(onOver).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test("somebody who comes after the warning hears it with what is left", () => {
  const { made, warnings } = countdown();
  made.start();
  made.repeatWarning();
  vi.advanceTimersByTime(8_000);
  made.repeatWarning();
  expect(warnings).toEqual([3_000, 2_000]);
});
