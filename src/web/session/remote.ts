import type { Client, Mouse, OutputStream, Touch } from "@glokon/guacamole-common-js";

/**
 * The remote screen as keyboard, pointer, clipboard and stage know it: one for the page's life, whichever connection is
 * behind it. While there is none, what they send goes nowhere and is not kept for later.
 */
export interface Remote {
  use(client: Client | null): void;
  key(keysym: number, isDown: boolean): void;
  pointer(state: Mouse.State): void;
  touch(state: Touch.State): void;
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
    touch: (state) => client?.sendTouchState(state, true),
    resize: ({ width, height }) => client?.sendSize(width, height),
    openClipboard: () => client?.createClipboardStream("text/plain") ?? null,
  };
};
