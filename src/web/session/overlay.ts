import { h } from "../dom.ts";
import type { Card } from "./card.ts";

export interface Overlay {
  readonly element: HTMLElement;
  show(card: Card): void;
  /** Covers the remote screen without saying anything yet. */
  cover(): void;
  hide(): void;
}

/** The page in front of the remote screen. It holds one card at a time and gives it the focus and Esc. */
export const createOverlay = (): Overlay => {
  const element = h("div", { class: "sp-overlay" });
  let current: Card | null = null;
  const leave = () => {
    current?.dispose?.();
    current = null;
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
    show: (card) => {
      leave();
      current = card;
      element.replaceChildren(card.element);
      element.hidden = false;
      card.focus?.focus();
    },
    cover: () => {
      leave();
      element.replaceChildren();
      element.hidden = false;
    },
    hide: () => {
      leave();
      element.hidden = true;
      element.replaceChildren();
    },
  };
};
