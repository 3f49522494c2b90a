import type { Client } from "@glokon/guacamole-common-js";
import { h } from "../dom.ts";
import { displayScale, type TargetSize, targetSize } from "./fit.ts";

export interface Stage {
  /** Fills the window; the remote picture and the typing field stand in it. */
  readonly element: HTMLElement;
  measure(): TargetSize;
  /** Puts the client's picture on the stage and keeps both sizes in step. */
  follow(client: Client): void;
}

const resizeAfterMs = 120;

export const createStage = (): Stage => {
  const element = h("div", { class: "sp-stage", role: "application", "aria-roledescription": "remote screen" });
  const measure = () => targetSize({ width: element.clientWidth, height: element.clientHeight }, devicePixelRatio);
  return {
    element,
    measure,
    follow: (client) => {
      const display = client.getDisplay();
      const picture = h("div", { class: "sp-picture" }, display.getElement());
      element.prepend(picture);
      const rescale = () => {
        const css = { width: element.clientWidth, height: element.clientHeight };
        display.scale(displayScale({ width: display.getWidth(), height: display.getHeight() }, css, devicePixelRatio));
      };
      display.onresize = rescale;
      let asked = measure();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const refit = () => {
        rescale();
        clearTimeout(timer);
        timer = setTimeout(() => {
          const wanted = measure();
          if (wanted.width === asked.width && wanted.height === asked.height) return;
          asked = wanted;
          client.sendSize(wanted.width, wanted.height);
        }, resizeAfterMs);
      };
      new ResizeObserver(refit).observe(element);
      watchPixelRatio(refit);
    },
  };
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
