import { h } from "../dom.ts";
import { drawIcon } from "../icons.ts";
import "./panel.css";

export interface Panel {
  readonly element: HTMLElement;
  readonly focus: HTMLElement;
  /** Over the right edge, or under the tool that opened it. */
  readonly place: "side" | "under";
  /** Presses in it leave the keys with the target. */
  readonly keepsKeys?: boolean;
  readonly dispose?: () => void;
}

interface PanelInput {
  readonly title: string;
  readonly body: readonly Node[];
  readonly foot: readonly Node[];
  readonly focus?: HTMLElement;
  readonly onClose: () => void;
}

/** A panel over the right edge of the remote screen, which keeps its size. Esc closes it. */
export const createPanel = ({ title, body, foot, focus, onClose }: PanelInput): Panel => {
  const close = h(
    "button",
    { type: "button", class: "sp-icon-button", "aria-label": `Close ${title}` },
    drawIcon("close"),
  );
  const element = h(
    "aside",
    { class: "sp-panel", "aria-label": title },
    h("header", { class: "sp-panel-head" }, h("h2", {}, title), close),
    h("div", { class: "sp-panel-body" }, ...body),
  );
  if (foot.length > 0) element.append(h("footer", { class: "sp-panel-foot" }, ...foot));
  close.addEventListener("click", onClose);
  closeOnEscape(element, onClose);
  return { element, focus: focus ?? close, place: "side" };
};

export const closeOnEscape = (element: HTMLElement, onClose: () => void): void =>
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    onClose();
  });
