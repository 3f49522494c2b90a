import type { Client, Mouse, OutputStream, Touch } from "@glokon/guacamole-common-js";

/** One of the fingers on the picture, in its CSS pixels; `force` is 0 when it leaves. */
export type Finger = Pick<Touch.State, "id" | "x" | "y" | "radiusX" | "radiusY" | "angle" | "force">;

/**
 * The remote screen as keyboard, pointer, clipboard and stage know it: one for the page's life, whichever connection is
 * behind it. While there is none, what they send goes nowhere and is not kept for later.
 */
export interface Remote {
  use(client: Client | null): void;
  key(keysym: number, isDown: boolean): void;
  pointer(state: Mouse.State): void;
  touch(finger: Finger): void;
  resize(size: { readonly width: number; readonly height: number }): void;
  openClipboard(): OutputStream | null;
}

export const createRemote = (): Remote => {
  let client: Client | null = null;
  return {
    use: (next) => {
      client = next;
    },
    key: (keysym, isDown) => client?.sendKeyEvent(isDown ? 1 : 0, keysym),
    pointer: (state) => client?.sendMouseState(state, true),
    // The library reads these fields alone, though its type asks for its own class.
    touch: (finger) => client?.sendTouchState(finger as Touch.State, true),
    resize: ({ width, height }) => client?.sendSize(width, height),
    openClipboard: () => client?.createClipboardStream("text/plain") ?? null,
  };
};
