import { expect, test } from "vitest";
import { StartQueue } from "../../../src/guacd/start-queue.ts";

const never = new AbortController().signal;
const released = Promise.resolve();

test("starts run one after another, also after one that failed", async () => {
  const queue = new StartQueue();
  const events: string[] = [];
  const start = (name: string, fails = false) =>
    queue.run(async () => {
      events.push(`${name} begins`);
      await Promise.resolve();
      events.push(`${name} ends`);
      if (fails) throw new Error(name);
      return { released };
    }, never);
  const outcomes = await Promise.allSettled([start("a"), start("b", true), start("c")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(events).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("one that gives up waiting neither starts nor lets the next overtake", async () => {
  const queue = new StartQueue();
  const first = Promise.withResolvers<void>();
  const events: string[] = [];
  const start = (name: string) => async () => {
    events.push(name);
    return { released };
  };
  const running = queue.run(() => first.promise.then(() => ({ released })), never);
  const abort = new AbortController();
  const waiting = queue.run(start("waiting"), abort.signal);
  const next = queue.run(start("next"), never);
  abort.abort(new Error("gave up"));
  await expect(waiting).rejects.toThrow("gave up");
  expect(events).toEqual([]);
  first.resolve();
  await Promise.all([running, next]);
  expect(events).toEqual(["next"]);
});

test("those that wait for their turn are counted, and those that gave up or have it are not", async () => {
  const queue = new StartQueue();
  const first = Promise.withResolvers<void>();
  const abort = new AbortController();
  const running = queue.run(() => first.promise.then(() => ({ released })), never);
  const others = [queue.run(async () => ({ released }), abort.signal), queue.run(async () => ({ released }), never)];
  await expect.poll(() => queue.waiting).toBe(2);
  abort.abort(new Error("gave up"));
  await expect(others[0]).rejects.toThrow("gave up");
  expect(queue.waiting).toBe(1);
  first.resolve();
  await Promise.all([running, others[1]]);
  expect(queue.waiting).toBe(0);
});

test("the next start waits until the one before has been taken note of, success or failure", async () => {
  const events: string[] = [];
  const queue = new StartQueue(async (started) => {
    await Promise.resolve();
    events.push(started ? "noted" : "failure noted");
  });
  const start = (name: string, fails: boolean) => async () => {
    events.push(name);
    if (fails) throw new Error(name);
    return { released };
  };
  await Promise.allSettled([
    queue.run(start("a", false), never),
    queue.run(start("b", true), never),
    queue.run(start("c", false), never),
  ]);
  expect(events.slice(0, 5)).toEqual(["a", "noted", "b", "failure noted", "c"]);
});
