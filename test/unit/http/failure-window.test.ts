import { expect, test } from "vitest";
import { FailureWindow } from "../../../src/http/failure-window.ts";
import { fakeClock } from "../../support/fake-clock.ts";

const openWindow = () => {
  const clock = fakeClock();
  return { clock, failures: new FailureWindow(clock) };
};

test("after as many failures as the limit the next try waits until the first of them is a minute old", () => {
  const { clock, failures } = openWindow();
  for (const left of [4, 3, 2, 1, 0]) {
    expect(failures.count("here", 5)).toMatchObject({ limit: 5, remaining: left, retryAfterSeconds: null });
    clock.turn(5);
  }
  expect(failures.count("here", 5)).toEqual({ limit: 5, remaining: 0, resetSeconds: 55, retryAfterSeconds: 35 });
  clock.turn(34.9);
  expect(failures.look("here", 5).retryAfterSeconds).toBe(1);
  clock.turn(0.1);
  expect(failures.count("here", 5).retryAfterSeconds).toBeNull();
  expect(failures.count("here", 5).retryAfterSeconds).toBe(5);
});

test("tries while the limit is reached do not make the wait longer", () => {
  const { clock, failures } = openWindow();
  for (let time = 0; time < 50; time += 1) failures.count("here", 5);
  clock.turn(60);
  expect(failures.look("here", 5).remaining).toBe(5);
});

test("a try that was forgiven is not counted", () => {
  const { failures } = openWindow();
  for (let time = 0; time < 50; time += 1) {
    failures.count("here", 5);
    failures.forgive("here");
  }
  expect(failures.look("here", 5).remaining).toBe(5);
  expect(failures.size).toBe(0);
});

test("another address is not held back", () => {
  const { failures } = openWindow();
  for (let time = 0; time < 6; time += 1) failures.count("here", 5);
  expect(failures.look("there", 5).retryAfterSeconds).toBeNull();
});

test("a limit that was lowered holds at once, and the told wait is enough", () => {
  const { clock, failures } = openWindow();
  for (let time = 0; time < 4; time += 1) {
    failures.count("here", 5);
    clock.turn(1);
  }
  const wait = failures.look("here", 2).retryAfterSeconds ?? 0;
  expect(wait).toBe(58);
  clock.turn(wait);
  expect(failures.look("here", 2).remaining).toBe(1);
});

test("addresses without a failure in the last minute are forgotten, and never more than 10,000 are kept", () => {
  const { clock, failures } = openWindow();
  for (let address = 0; address < 30_000; address += 1) failures.count(`address ${address}`, 5);
  expect(failures.size).toBe(10_000);
  expect(failures.look("address 29999", 5).remaining).toBe(4);
  clock.turn(60);
  failures.count("here", 5);
  expect(failures.size).toBe(1);
});
