import { expect, test } from "vitest";
import { TokenBuckets } from "../../../src/http/token-buckets.ts";
import { fakeClock } from "../../support/fake-clock.ts";

const rate = { perSecond: 2, burst: 10 };

const openBuckets = () => {
  const clock = fakeClock();
  const buckets = new TokenBuckets(clock);
  const take = (times = 1, key = "ann", given = rate) =>
    Array.from({ length: times }, () => buckets.take(key, given)).at(-1);
  return { clock, buckets, take };
};

test("after a quiet time a burst passes at once, and the call after it waits for the next token", () => {
  const { take } = openBuckets();
  expect(take()).toEqual({ limit: 10, remaining: 9, resetSeconds: 1, retryAfterSeconds: null });
  expect(take(9)).toEqual({ limit: 10, remaining: 0, resetSeconds: 5, retryAfterSeconds: null });
  expect(take()).toEqual({ limit: 10, remaining: 0, resetSeconds: 5, retryAfterSeconds: 1 });
});

test("tokens come back at the rate, and never more than a burst of them", () => {
  const { clock, take } = openBuckets();
  take(10);
  clock.turn(0.4);
  expect(take()?.retryAfterSeconds).toBe(1);
  clock.turn(0.1);
  expect(take()?.retryAfterSeconds).toBeNull();
  expect(take()?.retryAfterSeconds).toBe(1);
  clock.turn(3600);
  expect(take(10)?.retryAfterSeconds).toBeNull();
  expect(take()?.retryAfterSeconds).toBe(1);
});

test("the told wait is enough, also where a token takes many seconds", () => {
  const { clock, take } = openBuckets();
  const slow = { perSecond: 0.3, burst: 1 };
  take(1, "ann", slow);
  const wait = take(1, "ann", slow)?.retryAfterSeconds ?? 0;
  expect(wait).toBe(4);
  clock.turn(wait);
  expect(take(1, "ann", slow)?.retryAfterSeconds).toBeNull();
});

test("callers do not share a bucket", () => {
  const { take } = openBuckets();
  take(11, "ann");
  expect(take(1, "ben")?.remaining).toBe(9);
});

test("a changed limit holds for the next call", () => {
  const { take } = openBuckets();
  take(1);
  expect(take(1, "ann", { perSecond: 1, burst: 3 })).toMatchObject({ limit: 3, remaining: 2 });
});

test("a bucket that is full again is forgotten", () => {
  const { clock, buckets, take } = openBuckets();
  for (let caller = 0; caller < 500; caller += 1) take(1, `caller ${caller}`);
  expect(buckets.size).toBe(500);
  clock.turn(5);
  take();
  expect(buckets.size).toBe(1);
});

test("however many callers there are, memory stays bounded, and those who call most recently are kept", () => {
  const { buckets, take } = openBuckets();
  take(10, "first");
  for (let caller = 0; caller < 30_000; caller += 1) {
    take(1, `caller ${caller}`);
    expect(buckets.size).toBeLessThanOrEqual(10_000);
  }
  expect(buckets.size).toBeGreaterThan(8_000);
  expect(take(1, "caller 29999")?.remaining).toBe(8);
  expect(take(1, "first")?.remaining).toBe(9);
});
