export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What the target is asked for: device pixels, and the density that keeps its text at the size of other pages. */
export interface TargetSize extends Size {
  readonly dpi: number;
}

const cssDpi = 96;
/** Below this a terminal draws nothing readable, and some servers refuse. */
const smallest: Size = { width: 100, height: 100 };
/** The part of the window that a picture in device pixels may leave empty; terminals end at whole characters. */
const slack = 0.94;

/** The target's size for a window of `css` pixels on a screen with `ratio` device pixels in each. */
export const targetSize = (css: Size, ratio: number): TargetSize => ({
  width: Math.max(smallest.width, Math.round(css.width * ratio)),
  height: Math.max(smallest.height, Math.round(css.height * ratio)),
  dpi: Math.round(cssDpi * ratio),
});

/**
 * The scale at which a picture of `picture` device pixels is shown. A picture made for this window is shown pixel for
 * pixel, so that its text stays sharp; any other is fitted whole.
 */
export const displayScale = (picture: Size, css: Size, ratio: number): number => {
  if (picture.width === 0 || picture.height === 0) return 1 / ratio;
  const fitted = Math.min(css.width / picture.width, css.height / picture.height);
  const fills = (shown: number, room: number) => shown <= room + 1 && shown >= room * slack;
  const isMadeForWindow = fills(picture.width / ratio, css.width) && fills(picture.height / ratio, css.height);
  return isMadeForWindow ? 1 / ratio : fitted;
};
