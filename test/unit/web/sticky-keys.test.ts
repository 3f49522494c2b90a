import { expect, test } from "vitest";
import { createStickyKeys } from "../../../src/web/session/sticky-keys.ts";

const recording = () => {
  const sent: string[] = [];
  const sticky = createStickyKeys((keysym, isDown) => sent.push(`${keysym.toString(16)} ${isDown ? "down" : "up"}`));
  return { sent, sticky };
};

test("a key that is stuck once is let go after the next key", () => {
  const { sent, sticky } = recording();
  sticky.set("ctrl", "once");
  sticky.typed();
  sticky.typed();
  expect(sent).toEqual(["ffe3 down", "ffe3 up"]);
});

test("a key that is held stays for many keys, and becomes held without a second press", () => {
  const { sent, sticky } = recording();
  sticky.set("alt", "once");
  sticky.set("alt", "held");
  sticky.typed();
  sticky.typed();
  expect(sent).toEqual(["ffe9 down"]);
  sticky.set("alt", "up");
  expect(sent).toEqual(["ffe9 down", "ffe9 up"]);
});

test("releasing leaves nothing pressed and tells who shows it", () => {
  const { sent, sticky } = recording();
  let changes = 0;
  const stop = sticky.listen(() => {
    changes += 1;
  });
  sticky.set("shift", "held");
  sticky.set("win", "once");
  sticky.release();
  expect(sent.toSorted()).toEqual(["ffe1 down", "ffe1 up", "ffeb down", "ffeb up"]);
  expect(changes).toBe(4);
  stop();
  sticky.set("shift", "held");
  expect(changes).toBe(4);
});
