import { h } from "../dom.ts";
import { closeOnEscape, type Panel } from "./panel.ts";
import "./panel.css";
import "./popover.css";

interface PopoverInput {
  readonly title: string;
  readonly role: "dialog" | "alertdialog" | "menu";
  readonly body: readonly Node[];
  readonly focus: HTMLElement;
  /** Presses in it leave the keys with the target, and it stays when one presses beside it. */
  readonly keepsKeys?: boolean;
  readonly onClose: () => void;
  readonly dispose?: () => void;
}

/** A small panel under the tool that opens it. */
export const createPopover = ({ title, role, body, focus, keepsKeys, onClose, dispose }: PopoverInput): Panel => {
  const element = h("div", { class: "sp-popover", role, "aria-label": title }, ...body);
  closeOnEscape(element, onClose);
  // A press must not take the focus, and on a phone the on-screen keyboard, from where the keys go.
  if (keepsKeys) element.addEventListener("mousedown", (event) => event.preventDefault());
  return {
    element,
    focus,
    place: "under",
    ...(keepsKeys ? { keepsKeys } : {}),
    ...(dispose ? { dispose } : {}),
  };
};
