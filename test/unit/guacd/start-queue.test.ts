import { expect, test } from "vitest";
import { StartQueue } from "../../../src/guacd/start-queue.ts";

const never = new AbortController().signal;

test("starts run one after another, also after one that failed", async () => {
  const queue = new StartQueue();
  const events: string[] = [];
  const start = (name: string, fails = false) =>
    queue.run(async () => {
      events.push(`${name} begins`);
      await Promise.resolve();
      events.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    }, never);
  const outcomes = await Promise.allSettled([start("a"), start("b", true), start("c")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(events).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("one that gives up waiting neither starts nor lets the next overtake", async () => {
  const queue = new StartQueue();
  const first = Promise.withResolvers<void>();
  const events: string[] = [];
  const running = queue.run(() => first.promise, never);
  const abort = new AbortController();
  const waiting = queue.run(async () => events.push("waiting"), abort.signal);
  const next = queue.run(async () => events.push("next"), never);
  abort.abort(new Error("gave up"));
  await expect(waiting).rejects.toThrow("gave up");
  expect(events).toEqual([]);
  first.resolve();
  await Promise.all([running, next]);
  expect(events).toEqual(["next"]);
});
