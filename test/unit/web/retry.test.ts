import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRetry, type Outlook, retryDelayMs } from "../../../src/web/session/retry.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("the waits grow from half a second to five", () => {
  expect([0, 1, 2, 3, 4, 5, 50].map(retryDelayMs)).toEqual([500, 1000, 2000, 4000, 5000, 5000, 5000]);
});

test("nothing is opened before the look found that the session is kept", async () => {
  const outlooks: Outlook[] = ["unknown", "unknown", "kept"];
  const connect = vi.fn();
  const retry = createRetry({ look: async () => outlooks.shift() ?? "over", connect });
  retry.later();
  await vi.advanceTimersByTimeAsync(500 + 1000 + 1999);
  expect(connect).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(connect).toHaveBeenCalledTimes(1);
});

test("a look that answers after another began decides nothing", async () => {
  const answers: Array<(outlook: Outlook) => void> = [];
  const connect = vi.fn();
  const retry = createRetry({ look: () => new Promise((resolve) => answers.push(resolve)), connect });
  retry.now();
  retry.now();
  answers[0]?.("kept");
  await vi.advanceTimersByTimeAsync(0);
  expect(connect).not.toHaveBeenCalled();
  answers[1]?.("kept");
  await vi.advanceTimersByTimeAsync(0);
  expect(connect).toHaveBeenCalledTimes(1);
});

test("after it worked the next loss begins with the shortest wait; stopped, nothing follows", async () => {
  const look = vi.fn(async (): Promise<Outlook> => "kept");
  const retry = createRetry({ look, connect: () => undefined });
  retry.later();
  await vi.advanceTimersByTimeAsync(500);
  retry.worked();
  retry.later();
  await vi.advanceTimersByTimeAsync(500);
  expect(look).toHaveBeenCalledTimes(2);
  retry.later();
  retry.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(look).toHaveBeenCalledTimes(2);
});
