import { type Client, Keyboard } from "@glokon/guacamole-common-js";
import { keysyms } from "./keysyms.ts";

export interface KeyboardInput {
  readonly client: Client;
  /** Whether keys belong to the target now: false while a tool has the focus. */
  readonly isHeld: () => boolean;
  readonly onToolsKey: () => void;
}

export interface TargetKeyboard {
  /** Lets go of every key on the target, so that nothing stays pressed behind the page's back. */
  release(): void;
  type(keysymList: readonly number[]): void;
  /** Sends the paste key that waited for the clipboard. */
  finishPaste(): void;
}

const modifierKeys: readonly number[] = [...keysyms.shift, ...keysyms.ctrl, ...keysyms.alt, ...keysyms.meta];

/** A paste key waits this long for the browser's paste event, whose text must reach the target before the key does. */
const pasteKeyWaitMs = 60;

/**
 * Sends the keys of this page to the target. Ctrl+Alt+Shift asks for the tools when it is let go with no other key in
 * between: AltGr and Shift look the same on some systems, and type characters.
 */
export const createKeyboard = ({ client, isHeld, onToolsKey }: KeyboardInput): TargetKeyboard => {
  const keyboard = new Keyboard(document);
  let isChordWhole = false;
  let pasteKey: number | null = null;
  let pasteTimer: ReturnType<typeof setTimeout> | undefined;
  const finishPaste = () => {
    clearTimeout(pasteTimer);
    if (pasteKey !== null) client.sendKeyEvent(1, pasteKey);
    pasteKey = null;
  };
  const forget = () => {
    keyboard.reset();
    keyboard.modifiers = new Keyboard.ModifierState();
  };
  const release = () => {
    finishPaste();
    forget();
  };
  /** A Ctrl that the browser does not count while another key goes down is nobody's: some systems send one before AltGr. */
  const releaseUncountedCtrl = () => {
    if (keyboard.modifiers.ctrl) return;
    for (const ctrl of keysyms.ctrl) keyboard.release(ctrl);
  };
  const press = (keysym: number): boolean => {
    finishPaste();
    isChordWhole = false;
    if (!modifierKeys.includes(keysym)) releaseUncountedCtrl();
    isChordWhole = isToolsChord(keyboard.pressed);
    if (isPasteKey(keysym, keyboard.pressed)) {
      pasteKey = keysym;
      pasteTimer = setTimeout(finishPaste, pasteKeyWaitMs);
      return true;
    }
    client.sendKeyEvent(1, keysym);
    return false;
  };
  const lift = (keysym: number) => {
    if (keysym === pasteKey) finishPaste();
    client.sendKeyEvent(0, keysym);
    if (!isChordWhole) return;
    isChordWhole = false;
    release();
    onToolsKey();
  };
  const update = () => {
    const held = isHeld();
    if (!held && keyboard.onkeydown) release();
    // Without handlers the library still counts modifiers as pressed, which the target never heard of.
    if (held && !keyboard.onkeydown) forget();
    keyboard.onkeydown = held ? press : null;
    keyboard.onkeyup = held ? lift : null;
  };
  update();
  document.addEventListener("focusin", update);
  document.addEventListener("focusout", () => queueMicrotask(update));
  window.addEventListener("blur", release);
  window.addEventListener("focus", update);
  document.addEventListener("visibilitychange", release);
  document.addEventListener("fullscreenchange", release);
  return {
    release,
    finishPaste,
    type: (keysymList) => {
      for (const keysym of keysymList) {
        client.sendKeyEvent(1, keysym);
        client.sendKeyEvent(0, keysym);
      }
    },
  };
};

type Pressed = Readonly<Record<number, true>>;

const isDown = (pressed: Pressed, either: readonly number[]): boolean => either.some((keysym) => pressed[keysym]);

const isToolsChord = (pressed: Pressed): boolean =>
  isDown(pressed, keysyms.ctrl) &&
  isDown(pressed, keysyms.alt) &&
  isDown(pressed, keysyms.shift) &&
  Object.keys(pressed).length === 3;

const isPasteKey = (keysym: number, pressed: Pressed): boolean => {
  if (keysym === keysyms.insert) return isDown(pressed, keysyms.shift);
  const isV = keysym === 0x76 || keysym === 0x56;
  return isV && isDown(pressed, [...keysyms.ctrl, ...keysyms.meta]);
};
