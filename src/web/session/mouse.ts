import { type Client, Mouse } from "@glokon/guacamole-common-js";

/**
 * Sends the pointer of this page to the target: mouse, wheel, and touch as taps where one means them (a long press is the
 * right button). Buttons are let go when the window loses the pointer.
 */
export const createMouse = (client: Client, stage: HTMLElement, focusKeys: () => void): void => {
  const display = client.getDisplay();
  const element = display.getElement();
  const mouse = new Mouse(element);
  const touch = new Mouse.Touchscreen(element);
  for (const source of [mouse, touch]) {
    source.onEach(["mousedown", "mousemove", "mouseup"], (event) => {
      if (event instanceof Mouse.Event) client.sendMouseState(event.state, true);
    });
    source.on("mouseout", () => display.showCursor(false));
  }
  touch.on("mousedown", focusKeys);
  stage.addEventListener("mousedown", (event) => {
    event.preventDefault();
    focusKeys();
  });
  // Buttons 4 and 5 would leave the page.
  stage.addEventListener("mouseup", (event) => event.preventDefault());
  stage.addEventListener("contextmenu", (event) => event.preventDefault());
  display.showCursor(false);
  display.oncursor = (canvas, x, y) => {
    const isDrawnByBrowser = canvas.width > 0 && mouse.setCursor(canvas, x, y);
    display.showCursor(!isDrawnByBrowser);
  };
  window.addEventListener("blur", () => mouse.reset());
};
