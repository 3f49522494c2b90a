import { Keyboard } from "@glokon/guacamole-common-js";
import { keysyms } from "./keysyms.ts";
import type { Remote } from "./remote.ts";
import { createStickyKeys, type StickyKeys } from "./sticky-keys.ts";

export interface KeyboardInput {
  readonly remote: Remote;
  /** Whether keys belong to the target now: false while a tool has the focus. */
  readonly isHeld: () => boolean;
  readonly onToolsKey: () => void;
}

export interface TargetKeyboard {
  readonly sticky: StickyKeys;
  /** Lets go of every key on the target, so that nothing stays pressed behind the page's back. */
  release(): void;
  type(keysymList: readonly number[]): void;
  /** Presses these together and lets go of them in reverse. */
  chord(keysymList: readonly number[]): void;
  /** Takes keys and gives them back as `isHeld` tells now. */
  update(): void;
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
export const createKeyboard = ({ remote, isHeld, onToolsKey }: KeyboardInput): TargetKeyboard => {
  const keyboard = new Keyboard(document);
  const sticky = createStickyKeys(remote.key);
  let isChordWhole = false;
  let pasteKey: number | null = null;
  let pasteTimer: ReturnType<typeof setTimeout> | undefined;
  const finishPaste = () => {
    clearTimeout(pasteTimer);
    if (pasteKey !== null) remote.key(pasteKey, true);
    pasteKey = null;
  };
  const forget = () => {
    keyboard.reset();
    keyboard.modifiers = new Keyboard.ModifierState();
  };
  const release = () => {
    finishPaste();
    forget();
    sticky.release();
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
    remote.key(keysym, true);
    return false;
  };
  const lift = (keysym: number) => {
    if (keysym === pasteKey) finishPaste();
    remote.key(keysym, false);
    if (!isModifier(keysym)) sticky.typed();
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
    sticky,
    update,
    release,
    finishPaste,
    chord: (keysymList) => {
      for (const keysym of keysymList) remote.key(keysym, true);
      for (const keysym of keysymList.toReversed()) remote.key(keysym, false);
      sticky.typed();
    },
    type: (keysymList) => {
      for (const keysym of keysymList) {
        remote.key(keysym, true);
        remote.key(keysym, false);
        sticky.typed();
      }
    },
  };
};

/** Shift, Ctrl, Lock, Meta, Alt, Super and Hyper stand together among the keysyms. */
const isModifier = (keysym: number): boolean => keysym >= 0xffe1 && keysym <= 0xffee;

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
