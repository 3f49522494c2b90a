import type { Panel } from "./panel.ts";

export interface PanelHost {
  /** Opens the panel that `make` builds, or closes it when its tool opened it before. */
  toggle(tool: HTMLElement | null, make: (onClose: () => void) => Promise<Panel>): void;
  close(): void;
  hasFocus(): boolean;
}

/** The place for one panel at a time; closing gives the keys back to the target. */
export const createPanelHost = (root: HTMLElement, onClosed: () => void): PanelHost => {
  let opener: HTMLElement | null = null;
  let panel: Panel | null = null;
  const close = () => {
    opener?.setAttribute("aria-expanded", "false");
    panel?.element.remove();
    if (panel) onClosed();
    root.classList.remove("sp-has-panel");
    panel = null;
    opener = null;
  };
  const open = async (tool: HTMLElement | null, make: (onClose: () => void) => Promise<Panel>) => {
    opener = tool;
    const made = await make(close);
    if (opener !== tool) return;
    panel = made;
    tool?.setAttribute("aria-expanded", "true");
    root.classList.add("sp-has-panel");
    root.append(made.element);
    made.focus.focus();
  };
  return {
    toggle: (tool, make) => {
      const wasOpen = opener === tool;
      close();
      if (!wasOpen) void open(tool, make);
    },
    close,
    hasFocus: () => panel?.element.contains(document.activeElement) ?? false,
  };
};
