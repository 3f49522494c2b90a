import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { LoopTurns } from "../../../src/ssh/loop-turns.ts";

test("everybody has a turn of the event loop for himself, in the order of coming, and others run in between", async () => {
  const turns = new LoopTurns();
  const done: string[] = [];
  turns.take(() => {
    done.push("first");
    turns.take(() => done.push("first again"));
  });
  turns.take(() => done.push("second"));
  expect(done).toEqual([]);
  for (let seen = 1; seen <= 3; seen++) {
    await turn();
    expect(done).toHaveLength(seen);
  }
  expect(done).toEqual(["first", "second", "first again"]);
  turns.take(() => done.push("later"));
  await turn();
  expect(done.at(-1)).toBe("later");
});
