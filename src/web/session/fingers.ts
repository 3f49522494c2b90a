import { Mouse } from "@glokon/guacamole-common-js";
import type { Remote } from "./remote.ts";
import type { Stage } from "./stage.ts";
import { createTwoFingers } from "./two-fingers.ts";
import type { Point } from "./zoom.ts";

/** `touch`: fingers mean where they are; `trackpad`: they move the pointer. */
export type FingerMode = "touch" | "trackpad";

export interface FingersInput {
  readonly remote: Remote;
  readonly stage: Stage;
  readonly mode: () => FingerMode;
  /** How many fingers the target takes as they are; 0 when it knows only a pointer. */
  readonly offered: () => number;
  readonly onTap: () => void;
  /** The target's own cursor is drawn, where fingers move it. */
  readonly drawCursor: (isDrawn: boolean) => void;
}

const longPressMs = 500;
const doubleTapMs = 300;
const movedPx = 10;
type Button = "left" | "right" | "up" | "down";

/** Turns fingers on the stage into what the target understands: its own touches, or a pointer. */
export const listenToFingers = (input: FingersInput): void => {
  const { remote, stage, mode, offered, onTap, drawCursor } = input;
  const { element, picture } = stage;
  const state = new Mouse.State();
  let start: Point | null = null;
  let last: Point = { x: 0, y: 0 };
  let lastTapMs = 0;
  let isDragging = false;
  let isSpent = false;
  let longPress: ReturnType<typeof setTimeout> | undefined;

  const move = ({ x, y }: Point) => {
    Object.assign(state, { x, y });
    remote.pointer(state);
  };
  const press = (button: Button, isDown: boolean) => {
    state[button] = isDown;
    remote.pointer(state);
  };
  const click = (button: Button) => {
    press(button, true);
    press(button, false);
  };
  const onPicture = (at: Point): Point => {
    const { left, top } = picture.getBoundingClientRect();
    return { x: at.x - left, y: at.y - top };
  };
  /** Where a click belongs: under the finger, or where the pointer is. */
  const aim = (at: Point) => {
    if (mode() === "touch") move(onPicture(at));
  };
  const cancel = () => {
    clearTimeout(longPress);
    if (isDragging) press("left", false);
    isDragging = false;
    isSpent = true;
  };
  const two = createTwoFingers({
    stage,
    isPanning: () => mode() === "touch" && stage.view.percent !== null,
    onScroll: (at, isUp) => {
      aim(at);
      click(isUp ? "up" : "down");
    },
    onTap: (at) => {
      aim(at);
      click("right");
    },
  });

  const begin = (at: Point) => {
    start = at;
    last = at;
    isSpent = false;
    // A tap right before holds the button of a trackpad.
    if (mode() === "trackpad" && performance.now() - lastTapMs < doubleTapMs) {
      isDragging = true;
      press("left", true);
    }
    longPress = setTimeout(() => {
      if (isDragging) return;
      isSpent = true;
      aim(at);
      click("right");
      navigator.vibrate?.(20);
    }, longPressMs);
  };
  const go = (at: Point) => {
    if (start === null || isSpent) return;
    const isMoved = isDragging || Math.hypot(at.x - start.x, at.y - start.y) >= movedPx;
    if (!isMoved) return;
    clearTimeout(longPress);
    if (mode() === "trackpad") {
      lastTapMs = 0;
      move(pushed(state, { from: last, to: at }, picture));
      const { left, top } = picture.getBoundingClientRect();
      stage.lookAt({ x: left + state.x, y: top + state.y });
    } else {
      if (!isDragging) {
        move(onPicture(start));
        press("left", true);
        isDragging = true;
      }
      move(onPicture(at));
    }
    last = at;
    start = mode() === "trackpad" ? farAway : start;
  };
  const end = () => {
    clearTimeout(longPress);
    const wasTap = start !== null && start !== farAway && !isSpent;
    if (isDragging) press("left", false);
    else if (wasTap && start !== null) {
      aim(start);
      click("left");
      lastTapMs = performance.now();
    }
    if (wasTap) onTap();
    isDragging = false;
    start = null;
  };

  const slots = new Map<number, number>();
  const tellTouches = ({ type, changedTouches, touches }: TouchEvent) => {
    const isDown = type === "touchstart" || type === "touchmove";
    for (const touch of changedTouches) {
      const slot = slots.get(touch.identifier) ?? (type === "touchstart" ? freeSlot(slots) : offered());
      // One finger too many, which the target never heard of.
      if (slot >= offered()) continue;
      slots.set(touch.identifier, slot);
      const { radiusX, radiusY, rotationAngle: angle, force } = touch;
      const strength = isDown ? force || 1 : 0;
      remote.touch({ id: slot, ...onPicture(pointOf(touch)), radiusX, radiusY, angle, force: strength });
      if (!isDown) slots.delete(touch.identifier);
    }
    if (touches.length === 0) slots.clear();
  };
  const listen = (type: "touchstart" | "touchmove" | "touchend" | "touchcancel", act: (event: TouchEvent) => void) =>
    element.addEventListener(
      type,
      (event) => {
        // Otherwise the browser makes a mouse of it as well.
        event.preventDefault();
        if (mode() === "touch" && offered() > 0) {
          tellTouches(event);
          if (type === "touchend") onTap();
        } else act(event);
      },
      { passive: false },
    );
  listen("touchstart", ({ touches }) => {
    drawCursor(mode() === "trackpad");
    const [first, second] = touches;
    if (!first) return;
    if (!second) return begin(pointOf(first));
    cancel();
    two.begin(pointOf(first), pointOf(second));
  });
  listen("touchmove", ({ touches }) => {
    const [first, second] = touches;
    if (first && second) two.move(pointOf(first), pointOf(second));
    else if (first) go(pointOf(first));
  });
  listen("touchend", ({ touches }) => {
    if (touches.length === 0) end();
    two.end();
  });
  listen("touchcancel", () => {
    cancel();
    start = null;
  });
};

/** A start from which every move counts. */
const farAway: Point = { x: Number.NEGATIVE_INFINITY, y: 0 };

const pointOf = ({ clientX, clientY }: Touch): Point => ({ x: clientX, y: clientY });

const freeSlot = (slots: ReadonlyMap<number, number>): number => {
  const taken = new Set(slots.values());
  let slot = 0;
  while (taken.has(slot)) slot += 1;
  return slot;
};

/** The pointer moves further than a quick finger and stays on the picture. */
const pushed = (pointer: Point, finger: { from: Point; to: Point }, picture: HTMLElement): Point => {
  const by = { x: finger.to.x - finger.from.x, y: finger.to.y - finger.from.y };
  const haste = 1 + Math.min(2, Math.hypot(by.x, by.y) / 12);
  const within = (at: number, end: number) => Math.min(Math.max(0, at), end - 1);
  return {
    x: within(pointer.x + by.x * haste, picture.offsetWidth),
    y: within(pointer.y + by.y * haste, picture.offsetHeight),
  };
};
