import { displayScale, type Size } from "./fit.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How the picture is looked at. */
export interface View {
  /** Per cent of the target's pixels to the screen's; null fits the picture into the window. */
  readonly percent: number | null;
  /** Which part of a picture larger than the window is seen: 0 is the left or upper end, 1 the other. */
  readonly part: Point;
}

export interface Placement {
  readonly scale: number;
  /** Of the picture's upper left corner in the window. */
  readonly corner: Point;
}

export const fittedView: View = { percent: null, part: { x: 0.5, y: 0.5 } };

const stepPercent = 25;
const percentLimits = { min: 25, max: 400 } as const;

interface Room {
  /** The picture in its own pixels. */
  readonly picture: Size;
  /** The window in CSS pixels, with its device pixels in each. */
  readonly css: Size;
  readonly ratio: number;
}

export const placePicture = ({ percent, part }: View, { picture, css, ratio }: Room): Placement => {
  const scale = percent === null ? displayScale(picture, css, ratio) : percent / 100 / ratio;
  const along = (room: number, shown: number, at: number) => Math.round((room - shown) * (shown <= room ? 0.5 : at));
  return {
    scale,
    corner: {
      x: along(css.width, picture.width * scale, part.x),
      y: along(css.height, picture.height * scale, part.y),
    },
  };
};

/** The per cent that are seen now, fitted or not. */
export const shownPercent = (view: View, room: Room): number =>
  Math.round(placePicture(view, room).scale * room.ratio * 100);

/** The next step of zoom up or down from what is seen. */
export const nextPercent = (percent: number, direction: 1 | -1): number => {
  const steps = percent / stepPercent;
  const next = (direction === 1 ? Math.floor(steps + 0.001) : Math.ceil(steps - 0.001)) + direction;
  return Math.min(percentLimits.max, Math.max(percentLimits.min, next * stepPercent));
};

/** A pinch: the point of the picture under `from` moves to `to` while its size is multiplied. */
export const pinchView = (view: View, room: Room, pinch: { from: Point; to: Point; factor: number }): View => {
  const { scale, corner } = placePicture(view, room);
  const fitted = displayScale(room.picture, room.css, room.ratio);
  const wanted = Math.min(percentLimits.max / 100 / room.ratio, scale * pinch.factor);
  if (wanted <= fitted) return fittedView;
  const grown = wanted / scale;
  const along = (axis: "x" | "y", size: "width" | "height") => {
    const free = room.css[size] - room.picture[size] * wanted;
    const at = pinch.to[axis] - (pinch.from[axis] - corner[axis]) * grown;
    return free >= 0 ? 0.5 : Math.min(1, Math.max(0, at / free));
  };
  return { percent: wanted * room.ratio * 100, part: { x: along("x", "width"), y: along("y", "height") } };
};
