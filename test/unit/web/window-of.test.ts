import fc from "fast-check";
import { expect, test } from "vitest";
import { windowOf } from "../../../src/web/portal/window-of.ts";

test("every row that can be seen is drawn, and never more than the screen and its margins", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(60_000), fc.integer({ min: 0, max: 2000 }), (count, topPx, heightPx) => {
      const { first, end } = windowOf(topPx, heightPx, count, 52);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(count);
      expect(end - first).toBeLessThanOrEqual(Math.ceil(heightPx / 52) + 17);
      for (let row = 0; row < count; row += 1) {
        const isSeen = (row + 1) * 52 > topPx && row * 52 < topPx + heightPx;
        if (isSeen) expect(row >= first && row < end).toBe(true);
      }
    }),
  );
});
