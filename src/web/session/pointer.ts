import { type Client, Mouse } from "@glokon/guacamole-common-js";
import type { Remote } from "./remote.ts";
import type { Stage } from "./stage.ts";

export interface Pointer {
  /** Shows the cursor of this connection's target from now on. */
  follow(client: Client): void;
  /** The target's cursor is drawn into the picture, for those who have none of their own. */
  drawCursor(isDrawn: boolean): void;
  /** Buttons are let go; nothing stays pressed. */
  release(): void;
}

interface PointerInput {
  readonly remote: Remote;
  readonly stage: Stage;
  readonly focusKeys: () => void;
}

/** Sends mouse and wheel of this page to the target. Buttons are let go when the window loses the pointer. */
export const createPointer = ({ remote, stage, focusKeys }: PointerInput): Pointer => {
  const { element, picture } = stage;
  const mouse = new Mouse(picture);
  let client: Client | null = null;
  let isDrawn = false;
  mouse.onEach(["mousedown", "mousemove", "mouseup"], (event) => {
    if (event instanceof Mouse.Event) remote.pointer(event.state);
  });
  mouse.on("mouseout", () => client?.getDisplay().showCursor(false));
  // Before the library reads where the pointer is on the picture.
  element.addEventListener("mousemove", ({ clientX, clientY }) => stage.lookAt({ x: clientX, y: clientY }), true);
  element.addEventListener("mousedown", (event) => {
    event.preventDefault();
    focusKeys();
  });
  // Buttons 4 and 5 would leave the page.
  element.addEventListener("mouseup", (event) => event.preventDefault());
  element.addEventListener("contextmenu", (event) => event.preventDefault());
  window.addEventListener("blur", () => mouse.reset());
  return {
    follow: (next) => {
      client = next;
      const display = next.getDisplay();
      display.showCursor(isDrawn);
      display.oncursor = (canvas, x, y) => {
        const isDrawnByBrowser = canvas.width > 0 && mouse.setCursor(canvas, x, y);
        display.showCursor(isDrawn || !isDrawnByBrowser);
      };
    },
    drawCursor: (is) => {
      isDrawn = is;
      client?.getDisplay().showCursor(is);
    },
    release: () => mouse.reset(),
  };
};
