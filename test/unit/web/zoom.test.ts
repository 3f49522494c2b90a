import { describe, expect, test } from "vitest";
import { fittedView, nextPercent, pinchView, placePicture, shownPercent } from "../../../src/web/session/zoom.ts";

const room = { picture: { width: 1600, height: 1000 }, css: { width: 800, height: 600 }, ratio: 1 };

describe("the picture", () => {
  test("fitted is whole and in the middle", () => {
    expect(placePicture(fittedView, room)).toEqual({ scale: 0.5, corner: { x: 0, y: 50 } });
    expect(shownPercent(fittedView, room)).toBe(50);
  });

  test("at 100 % has a pixel of the target in each of the screen's, on a dense screen too", () => {
    const view = { percent: 100, part: { x: 0, y: 0 } };
    expect(placePicture(view, room).scale).toBe(1);
    expect(placePicture(view, { ...room, ratio: 2 }).scale).toBe(0.5);
  });

  test("larger than the window shows the part that is looked at, and nothing beyond its edges", () => {
    expect(placePicture({ percent: 100, part: { x: 0.1, y: 0.1 } }, room).corner).toEqual({ x: -80, y: -40 });
    expect(placePicture({ percent: 100, part: { x: 1, y: 1 } }, room).corner).toEqual({ x: -800, y: -400 });
    expect(placePicture({ percent: 100, part: { x: 0.5, y: 0.25 } }, room).corner).toEqual({ x: -400, y: -100 });
  });
});

test("zoom goes to the next step of 25, from wherever it is, and stays within 25 and 400", () => {
  expect([nextPercent(58, 1), nextPercent(58, -1), nextPercent(75, 1), nextPercent(75, -1)]).toEqual([75, 50, 100, 50]);
  expect([nextPercent(400, 1), nextPercent(25, -1)]).toEqual([400, 25]);
});

describe("a pinch", () => {
  test("keeps the point of the picture under the fingers", () => {
    const from = { x: 200, y: 300 };
    const before = placePicture(fittedView, room);
    const point = { x: (from.x - before.corner.x) / before.scale, y: (from.y - before.corner.y) / before.scale };
    const after = placePicture(pinchView(fittedView, room, { from, to: from, factor: 2 }), room);
    expect(after.scale).toBeCloseTo(1);
    expect(after.corner.x + point.x * after.scale).toBeCloseTo(from.x, 0);
    expect(after.corner.y + point.y * after.scale).toBeCloseTo(from.y, 0);
  });

  test("back to the whole picture fits it again, and no pinch shows more than 400 %", () => {
    const at = { x: 400, y: 300 };
    expect(pinchView({ percent: 60, part: { x: 0, y: 0 } }, room, { from: at, to: at, factor: 0.5 })).toEqual(
      fittedView,
    );
    expect(pinchView(fittedView, room, { from: at, to: at, factor: 50 }).percent).toBe(400);
  });
});
