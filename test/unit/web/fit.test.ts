import { describe, expect, test } from "vitest";
import { displayScale, targetSize } from "../../../src/web/session/fit.ts";

describe("the size that the target is asked for", () => {
  test("counts device pixels and keeps text at its size with the density", () => {
    expect(targetSize({ width: 1440, height: 900 }, 2)).toEqual({ width: 2880, height: 1800, dpi: 192 });
    expect(targetSize({ width: 1001, height: 667 }, 1.25)).toEqual({ width: 1251, height: 834, dpi: 120 });
  });

  test("never falls below what a terminal can draw in", () => {
    expect(targetSize({ width: 0, height: 10 }, 1)).toMatchObject({ width: 100, height: 100 });
  });
});

describe("the scale of the picture", () => {
  test("is pixel for pixel when the target made it for this window, cut to whole characters or not", () => {
    expect(displayScale({ width: 2880, height: 1800 }, { width: 1440, height: 900 }, 2)).toBe(0.5);
    expect(displayScale({ width: 1432, height: 880 }, { width: 1440, height: 900 }, 1)).toBe(1);
  });

  test("shows any other picture whole", () => {
    expect(displayScale({ width: 1920, height: 1080 }, { width: 960, height: 900 }, 1)).toBe(0.5);
    expect(displayScale({ width: 800, height: 600 }, { width: 1600, height: 900 }, 1)).toBe(1.5);
  });

  test("is defined before the first picture", () => {
    expect(displayScale({ width: 0, height: 0 }, { width: 960, height: 900 }, 2)).toBe(0.5);
  });
});
