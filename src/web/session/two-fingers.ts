import type { Stage } from "./stage.ts";
import type { Point } from "./zoom.ts";

export interface TwoFingers {
  begin(first: Point, second: Point): void;
  move(first: Point, second: Point): void;
  end(): void;
}

interface TwoFingersInput {
  readonly stage: Stage;
  /** Fingers that move together move the picture, which is larger than the window. */
  readonly isPanning: () => boolean;
  readonly onScroll: (at: Point, isUp: boolean) => void;
  readonly onTap: (at: Point) => void;
}

const pinchFromPx = 24;
const scrollFromPx = 14;
const scrollStepPx = 24;
const tapMs = 250;

/** Two fingers pinch when their distance changes first, and scroll when they move together first. */
export const createTwoFingers = ({ stage, isPanning, onScroll, onTap }: TwoFingersInput): TwoFingers => {
  let meaning: "open" | "pinch" | "scroll" | null = null;
  let centre: Point = { x: 0, y: 0 };
  let apart = 0;
  let beganMs = 0;
  return {
    begin: (first, second) => {
      meaning = "open";
      centre = middle(first, second);
      apart = distance(first, second);
      beganMs = performance.now();
    },
    move: (first, second) => {
      const nowCentre = middle(first, second);
      const nowApart = distance(first, second);
      if (meaning === "open" && Math.abs(nowApart - apart) >= pinchFromPx) meaning = "pinch";
      else if (meaning === "open" && distance(nowCentre, centre) >= scrollFromPx)
        meaning = isPanning() ? "pinch" : "scroll";
      if (meaning === "pinch") {
        stage.pinch({ from: centre, to: nowCentre, factor: nowApart / apart });
        centre = nowCentre;
        apart = nowApart;
      } else if (meaning === "scroll") {
        // The content goes with the fingers.
        for (let left = nowCentre.y - centre.y; Math.abs(left) >= scrollStepPx; ) {
          const isUp = left > 0;
          onScroll(nowCentre, isUp);
          const step = isUp ? scrollStepPx : -scrollStepPx;
          left -= step;
          centre = { x: nowCentre.x, y: centre.y + step };
        }
      }
    },
    end: () => {
      if (meaning === "open" && performance.now() - beganMs < tapMs) onTap(centre);
      meaning = null;
    },
  };
};

const middle = (one: Point, other: Point): Point => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });

const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);
