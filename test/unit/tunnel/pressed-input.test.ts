import { expect, test } from "vitest";
import { parseInstructions } from "../../../src/guacd/instruction-parser.ts";
import { PressedInput } from "../../../src/tunnel/pressed-input.ts";

const released = (pressed: PressedInput) => [...parseInstructions(pressed.release())];

test("lets go of every key that is still down, and of no other", () => {
  const pressed = new PressedInput();
  for (const instruction of ["key 65507 1", "key 65 1", "key 65 0", "key 66 1", "key 66 1"])
    pressed.sent(instruction.split(" "));
  expect(released(pressed)).toEqual([
    ["key", "65507", "0"],
    ["key", "66", "0"],
  ]);
  expect(pressed.release()).toBe("");
});

test("lifts the buttons where the pointer was last, unless none is down", () => {
  const pressed = new PressedInput();
  pressed.sent(["mouse", "10", "20", "1"]);
  pressed.sent(["mouse", "30", "40", "5"]);
  expect(released(pressed)).toEqual([["mouse", "30", "40", "0"]]);
  pressed.sent(["mouse", "30", "40", "1"]);
  pressed.sent(["mouse", "31", "41", "0"]);
  expect(pressed.release()).toBe("");
});

test("lifts the fingers that are down", () => {
  const pressed = new PressedInput();
  pressed.sent(["touch", "0", "10", "20", "1", "1", "0", "0.5"]);
  pressed.sent(["touch", "1", "50", "60", "1", "1", "0", "1"]);
  pressed.sent(["touch", "0", "10", "20", "1", "1", "0", "0"]);
  expect(released(pressed)).toEqual([["touch", "1", "50", "60", "0", "0", "0", "0"]]);
});
