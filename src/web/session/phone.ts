import type { Clipboard } from "./clipboard.ts";
import type { TargetKeyboard } from "./keyboard.ts";
import { keysyms } from "./keysyms.ts";
import type { Stage } from "./stage.ts";

export const phoneWidth = "(max-width: 599px)";

export interface Phone {
  /** Shows the rows of keys where the window is that of a phone. */
  show(): void;
  /** They stay and do nothing. */
  hold(): void;
  hide(): void;
}

interface PhoneInput {
  readonly root: HTMLElement;
  readonly stage: Stage;
  readonly keyboard: TargetKeyboard;
  readonly clipboard: Clipboard;
  /** A desktop keeps its size while the system's keyboard is open; a terminal gets smaller. */
  readonly isDesktop: boolean;
  /** Where a text can be pasted by hand, when the browser lets nobody read the clipboard. */
  readonly onNoPaste: () => void;
}

/** What a phone has in place of a keyboard, and the room that its on-screen keyboard takes. */
export const createPhone = ({ root, stage, keyboard, clipboard, isDesktop, onNoPaste }: PhoneInput): Phone => {
  const query = matchMedia(phoneWidth);
  let isShown = false;
  let isHeld = false;
  let keys: HTMLElement | null = null;
  const makeRoom = () => {
    const view = window.visualViewport;
    const covered = view ? Math.max(0, Math.round(innerHeight - view.height - view.offsetTop)) : 0;
    root.style.setProperty("--sp-inset", `${covered}px`);
    stage.keepSize(isDesktop ? covered : 0);
  };
  window.visualViewport?.addEventListener("resize", makeRoom);
  window.visualViewport?.addEventListener("scroll", makeRoom);
  const paste = async () => {
    const text = await navigator.clipboard?.readText().catch(() => null);
    if (!text) return onNoPaste();
    clipboard.send(text);
    const [ctrl] = keysyms.ctrl;
    const [shift] = keysyms.shift;
    keyboard.chord(isDesktop ? [ctrl, keysyms.v] : [ctrl, shift, keysyms.v]);
  };
  const draw = async () => {
    if (isShown && query.matches && !keys) {
      const { createPhoneKeys } = await import("./phone-keys.ts");
      keys ??= createPhoneKeys({ keyboard, onPaste: () => void paste() });
    }
    if (keys) keys.inert = isHeld;
    if (keys && isShown && query.matches) root.append(keys);
    else keys?.remove();
  };
  query.addEventListener("change", draw);
  return {
    show: () => {
      isShown = true;
      isHeld = false;
      void draw();
    },
    hold: () => {
      isHeld = true;
      void draw();
    },
    hide: () => {
      isShown = false;
      void draw();
    },
  };
};
