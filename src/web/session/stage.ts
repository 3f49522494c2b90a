import type { Client } from "@glokon/guacamole-common-js";
import { h } from "../dom.ts";
import { type Size, type TargetSize, targetSize } from "./fit.ts";
import type { Remote } from "./remote.ts";
import { fittedView, type Placement, type Point, pinchView, placePicture, shownPercent, type View } from "./zoom.ts";

export interface Stage {
  /** Fills the window; the remote picture and the typing field stand in it. */
  readonly element: HTMLElement;
  /** Holds the picture of whichever connection is up, and takes the pointer. */
  readonly picture: HTMLElement;
  measure(): TargetSize;
  /** Puts a connection's picture on the stage, in place of the one before. `asked` is the size it was made for. */
  show(client: Client, asked: TargetSize): void;
  readonly view: View;
  shownPercent(): number;
  zoom(percent: number | null): void;
  pinch(pinch: { from: Point; to: Point; factor: number }): void;
  /** Moves a picture larger than the window so that what lies under this point of the window can be reached. */
  lookAt(point: Point): void;
  /** So much of the height was lost to an on-screen keyboard, for which the target keeps its size. */
  keepSize(lostPx: number): void;
  onview: (() => void) | null;
}

const resizeAfterMs = 120;

export const createStage = (remote: Remote): Stage => {
  const picture = h("div", { class: "sp-picture" });
  const element = h(
    "div",
    { class: "sp-stage", role: "application", "aria-roledescription": "remote screen" },
    picture,
  );
  let client: Client | null = null;
  let view = fittedView;
  let unasked = 0;
  let asked: Size = { width: 0, height: 0 };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const window_ = () => ({ width: element.clientWidth, height: element.clientHeight });
  const measure = () => {
    const { width, height } = window_();
    return targetSize({ width, height: height + unasked }, devicePixelRatio);
  };
  const room = () => {
    const display = client?.getDisplay();
    const size = { width: display?.getWidth() ?? 0, height: display?.getHeight() ?? 0 };
    return { picture: size, css: window_(), ratio: devicePixelRatio };
  };
  const draw = () => {
    if (!client) return;
    const { scale, corner }: Placement = placePicture(view, room());
    if (client.getDisplay().getScale() !== scale) client.getDisplay().scale(scale);
    picture.style.left = `${corner.x}px`;
    picture.style.top = `${corner.y}px`;
  };
  const look = (next: View) => {
    const isZoom = next.percent !== view.percent;
    view = next;
    draw();
    if (isZoom) stage.onview?.();
  };
  const refit = () => {
    draw();
    clearTimeout(timer);
    timer = setTimeout(() => {
      const wanted = measure();
      if (!client || (wanted.width === asked.width && wanted.height === asked.height)) return;
      asked = wanted;
      remote.resize(wanted);
    }, resizeAfterMs);
  };
  new ResizeObserver(refit).observe(element);
  watchPixelRatio(refit);
  const stage: Stage = {
    element,
    picture,
    measure,
    show: (next, size) => {
      if (client) client.getDisplay().onresize = null;
      client = next;
      asked = size;
      const display = next.getDisplay();
      display.onresize = draw;
      picture.replaceChildren(display.getElement());
      refit();
    },
    get view() {
      return view;
    },
    shownPercent: () => shownPercent(view, room()),
    zoom: (percent) => look({ ...view, percent }),
    pinch: (pinch) => look(pinchView(view, room(), pinch)),
    lookAt: ({ x, y }) => {
      if (view.percent === null) return;
      const { left, top, width, height } = element.getBoundingClientRect();
      const within = (at: number) => Math.min(1, Math.max(0, at));
      look({ ...view, part: { x: within((x - left) / width), y: within((y - top) / height) } });
    },
    keepSize: (lostPx) => {
      unasked = lostPx;
    },
    onview: null,
  };
  return stage;
};

/** A window that moves to another screen, or a changed zoom, changes the pixel ratio without any resize. */
const watchPixelRatio = (onChange: () => void): void => {
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  query.addEventListener(
    "change",
    () => {
      onChange();
      watchPixelRatio(onChange);
    },
    { once: true },
  );
};
