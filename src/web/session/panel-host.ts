import type { Panel } from "./panel.ts";

export type MakePanel = (onClose: () => void) => Promise<Panel>;

export interface PanelHost {
  /** Opens the panel that `make` builds, or closes it when its tool opened it before. */
  toggle(tool: HTMLElement, byKeyboard: boolean, make: MakePanel): void;
  close(): void;
  isOpen(): boolean;
  hasFocus(): boolean;
}

const marginPx = 8;

/** The place for one panel at a time; closing gives the keys back to the target. */
export const createPanelHost = (root: HTMLElement, focusKeys: () => void): PanelHost => {
  let opener: HTMLElement | null = null;
  let panel: Panel | null = null;
  const close = () => {
    opener?.setAttribute("aria-expanded", "false");
    panel?.element.remove();
    panel?.dispose?.();
    if (panel) focusKeys();
    root.classList.remove("sp-has-panel");
    panel = null;
    opener = null;
  };
  const open = async (tool: HTMLElement, byKeyboard: boolean, make: MakePanel) => {
    opener = tool;
    const made = await make(close);
    if (opener !== tool) return;
    panel = made;
    tool.setAttribute("aria-expanded", "true");
    root.append(made.element);
    if (made.place === "side") root.classList.add("sp-has-panel");
    else putUnder(made.element, tool);
    if (made.keepsKeys && !byKeyboard) focusKeys();
    else made.focus.focus();
  };
  document.addEventListener("pointerdown", ({ target }) => {
    const isOutside = target instanceof Node && !panel?.element.contains(target) && !opener?.contains(target);
    if (panel?.place === "under" && !panel.keepsKeys && isOutside) close();
  });
  return {
    toggle: (tool, byKeyboard, make) => {
      const wasOpen = opener === tool;
      close();
      if (!wasOpen) void open(tool, byKeyboard, make);
    },
    close,
    isOpen: () => opener !== null,
    hasFocus: () => panel?.element.contains(document.activeElement) ?? false,
  };
};

/** Centred under its tool, as far as the window has room. */
const putUnder = (element: HTMLElement, tool: HTMLElement): void => {
  const under = tool.getBoundingClientRect();
  const width = element.offsetWidth;
  const centred = under.left + under.width / 2 - width / 2;
  element.style.left = `${Math.max(marginPx, Math.min(centred, innerWidth - width - marginPx))}px`;
  element.style.top = `${under.bottom + 12}px`;
};
