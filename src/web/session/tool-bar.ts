import type { SessionView } from "../../resources/sessions/schema.ts";
import { h } from "../dom.ts";
import { drawIcon } from "../icons.ts";
import { protocolIcon } from "../protocol-icon.ts";
import { type Bar, createBar, type Health } from "./bar.ts";
import type { Clipboard } from "./clipboard.ts";
import type { FingerMode } from "./fingers.ts";
import type { TargetKeyboard } from "./keyboard.ts";
import { keysymsOf } from "./keysyms.ts";
import { shortName } from "./names.ts";
import { createPanelHost } from "./panel-host.ts";
import { sessionName } from "./session-name.ts";
import type { Stage } from "./stage.ts";
import { createOwnerTools, createWatcherTools, type Press } from "./tools.ts";

export interface ToolBar {
  show(): void;
  remove(): void;
  /** Puts the focus on the first tool. */
  open(): void;
  openClipboard(): void;
  closePanels(): void;
  /** Keys typed now are for a tool. */
  hasFocus(): boolean;
  showHealth(health: Health): void;
  showWarnings(warnings: readonly string[]): void;
  showWatchers(names: readonly string[], count: number): void;
}

export interface ToolBarInput {
  readonly root: HTMLElement;
  readonly stage: Stage;
  readonly session: SessionView;
  readonly isWatching: boolean;
  readonly keyboard: TargetKeyboard;
  readonly clipboard: Clipboard;
  /** How fingers point, where a person can choose. */
  readonly fingers: { readonly mode: () => FingerMode; readonly choose: (mode: FingerMode) => void } | null;
  readonly focusKeys: () => void;
  readonly onReconnect: () => void;
  /** Ends the session, or leaves it when it is somebody else's. */
  readonly onEnd: () => void;
}

/** The bar, its tools and the panels that they open. */
export const createToolBar = (input: ToolBarInput): ToolBar => {
  const { root, stage, session, isWatching, keyboard, clipboard, fingers, focusKeys, onReconnect, onEnd } = input;
  const panels = createPanelHost(root, focusKeys);
  let bar: Bar | null = null;
  let health: Health = { kind: "steady", roundTripMs: null };
  let warnings: readonly string[] = [];
  let watchers: readonly string[] = [];
  let watcherCount = 0;

  const onWarnings: Press = (tool, byKeyboard) =>
    panels.toggle(tool, byKeyboard, async (onClose) => {
      const { createWarningsPanel } = await import("./warnings-panel.ts");
      return createWarningsPanel(warnings, onClose);
    });
  const onClipboard: Press = (tool, byKeyboard) =>
    panels.toggle(tool, byKeyboard, async (onClose) => {
      const { createClipboardPanel } = await import("./clipboard-panel.ts");
      return createClipboardPanel({ clipboard, onType: (text) => keyboard.type(keysymsOf(text)), onClose });
    });
  const onKeys: Press = (tool, byKeyboard) =>
    panels.toggle(tool, byKeyboard, async (onClose) => {
      const { createKeysPanel } = await import("./keys-panel.ts");
      return createKeysPanel(keyboard, onClose);
    });
  const onAskEnd: Press = (tool, byKeyboard) => {
    if (watcherCount === 0) return onEnd();
    panels.toggle(tool, byKeyboard, async (onClose) => {
      const { createEndPanel } = await import("./end-panel.ts");
      return createEndPanel({ watchers, onEnd, onClose });
    });
  };
  const onMore: Press = (tool, byKeyboard) =>
    panels.toggle(tool, byKeyboard, async (onClose) => {
      const { createMorePanel } = await import("./more-panel.ts");
      const ownTools = {
        onKeys: () => onKeys(tool, byKeyboard),
        onReconnect,
        onEnd: () => onAskEnd(tool, byKeyboard),
      };
      return createMorePanel({
        stage,
        onClose,
        ...(isWatching ? {} : { tools: ownTools }),
        ...(fingers ? { fingers } : {}),
      });
    });
  const owner = createOwnerTools({
    onWarnings,
    onClipboard,
    onKeyboard: fingers ? focusKeys : null,
    onKeys,
    onReconnect,
    onMore,
    onEnd: onAskEnd,
  });
  const tools = isWatching ? createWatcherTools({ onMore, onLeave: onEnd }) : owner.elements;
  const face = isWatching ? watcherFace(session) : ownerFace(session);

  return {
    show: () => {
      if (bar === null) {
        bar = createBar({ ...face, name: sessionName(session), tools, isBusy: panels.isOpen, onLeave: focusKeys });
        root.prepend(bar.element);
      }
      if (health.kind === "lost") health = { kind: "steady", roundTripMs: null };
      bar.showHealth(health);
    },
    remove: () => {
      panels.close();
      bar?.element.remove();
      bar = null;
    },
    open: () => bar?.open(true),
    openClipboard: () => onClipboard(owner.clipboard, false),
    closePanels: panels.close,
    hasFocus: () => bar?.element.contains(document.activeElement) || panels.hasFocus(),
    showHealth: (now) => {
      health = now;
      bar?.showHealth(now);
      if (now.kind === "unstable") bar?.open(false);
    },
    showWarnings: (now) => {
      warnings = now;
      owner.showWarningCount(now.length);
    },
    showWatchers: (names, count) => {
      watchers = names;
      watcherCount = count;
      owner.showWatchers(names, count);
    },
  };
};

type Face = { readonly sign: Node; readonly title: HTMLElement };

const ownerFace = (session: SessionView): Face => {
  const name = sessionName(session);
  return {
    sign: h(
      "span",
      { class: "sp-tile sp-tile-small", "data-protocol": session.session_type },
      drawIcon(protocolIcon(session.session_type), 15),
    ),
    title: h("div", { class: "sp-bar-title" }, h("bdi", { title: name }, name)),
  };
};

const watcherFace = (session: SessionView): Face => ({
  sign: h("span", { class: "sp-watch-sign" }, drawIcon("eye")),
  title: h(
    "div",
    { class: "sp-bar-title sp-watch-title" },
    h("span", {}, "You are watching ", h("bdi", { title: session.created_by }, shortName(session.created_by))),
    h("span", { class: "sp-watch-rest" }, " on ", h("bdi", {}, sessionName(session)), ". They know you are here."),
  ),
});
