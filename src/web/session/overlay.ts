import { h } from "../dom.ts";
import type { Card } from "./card.ts";

export interface Overlay {
  readonly element: HTMLElement;
  show(card: Card): void;
  /** Covers the remote screen without saying anything yet. */
  cover(): void;
  hide(): void;
}

/** The page in front of the remote screen. It holds one card at a time, gives it the focus and Esc, and nothing behind it. */
export const createOverlay = (behind: HTMLElement): Overlay => {
  const element = h("div", { class: "sp-overlay" });
  let current: Card | null = null;
  const change = (next: Card | null, isCovering: boolean) => {
    current?.dispose?.();
    current = next;
    element.replaceChildren(...(next ? [next.element] : []));
    element.hidden = !isCovering;
    behind.inert = isCovering;
    next?.onShow?.();
    next?.focus?.focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (event) => {
    if (!current || event.isComposing || event.repeat) return;
    if (event.key === "Escape" && current.onEscape) {
      event.preventDefault();
      current.onEscape();
    } else if (event.key === "Enter" && document.activeElement === document.body && current.focus) {
      event.preventDefault();
      current.focus.click();
    }
  });
  return {
    element,
    show: (card) => change(card, true),
    cover: () => change(null, true),
    hide: () => change(null, false),
  };
};
