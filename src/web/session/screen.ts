import type { Client } from "@glokon/guacamole-common-js";
import type { SessionView } from "../../resources/sessions/schema.ts";
import { h } from "../dom.ts";
import { drawIcon } from "../icons.ts";
import { type Bar, createBar, type Health } from "./bar.ts";
import { type Clipboard, createClipboard } from "./clipboard.ts";
import type { TargetSize } from "./fit.ts";
import { createKeyboard } from "./keyboard.ts";
import { keysymsOf } from "./keysyms.ts";
import { shortName } from "./names.ts";
import { createPanelHost } from "./panel-host.ts";
import { createPointer } from "./pointer.ts";
import { protocolIcon } from "./protocol-icon.ts";
import type { Remote } from "./remote.ts";
import { sessionName } from "./session-name.ts";
import type { Stage } from "./stage.ts";
import { createTextSink } from "./text-sink.ts";
import { createOwnerTools, createWatcherTools, type OwnerTools, type Press } from "./tools.ts";

export interface Screen {
  readonly clipboard: Clipboard;
  /** Shows the picture of this connection with the tools, and gives keys and pointer to the target. */
  show(client: Client, asked: TargetSize): void;
  /** The connection is lost: the picture stays without colour, and nothing is sent or kept for later. */
  hold(): void;
  /** The gateway asks something in front of the screen, and then no longer. */
  makeRoom(): void;
  takeKeys(): void;
  /** Tools and panels go, keys go nowhere. */
  stop(): void;
  showHealth(health: Health): void;
  showWarnings(warnings: readonly string[]): void;
  showWatchers(names: readonly string[], count: number): void;
  offerFingers(count: number): void;
}

interface ScreenInput {
  readonly root: HTMLElement;
  readonly stage: Stage;
  readonly remote: Remote;
  readonly session: SessionView;
  readonly isWatching: boolean;
  readonly onReconnect: () => void;
  /** Ends the session, or leaves it when it is somebody else's. */
  readonly onEnd: () => void;
}

/** Joins the remote picture to this browser's keyboard, pointer, clipboard and tools. */
export const createScreen = (input: ScreenInput): Screen => {
  const { root, stage, remote, session, isWatching, onReconnect, onEnd } = input;
  const name = sessionName(session);
  const clipboard = createClipboard(remote);
  let bar: Bar | null = null;
  let isRunning = false;
  let health: Health = { kind: "steady", roundTripMs: null };
  let warnings: readonly string[] = [];
  let watchers: readonly string[] = [];
  const sink = createTextSink((list) => keyboard.type(list));
  sink.setAttribute("aria-label", `Keyboard input for ${name}`);
  stage.element.setAttribute("aria-label", name);
  stage.element.setAttribute("aria-description", "Press Ctrl+Alt+Shift for session tools");
  stage.element.append(sink);
  const focusKeys = () => sink.focus({ preventScroll: true });
  const panels = createPanelHost(root, focusKeys);
  const isBehind = () => stage.element.inert;
  const hasToolFocus = () => bar?.element.contains(document.activeElement) || panels.hasFocus();
  const keyboard = createKeyboard({
    remote,
    isHeld: () => isRunning && !isBehind() && !hasToolFocus(),
    onToolsKey: () => bar?.open(true),
  });
  const pointer = createPointer({ remote, stage, focusKeys });
  document.addEventListener("paste", (event) => {
    if (!isRunning || isBehind() || hasToolFocus()) return;
    event.preventDefault();
    clipboard.offer(event.clipboardData?.getData("text/plain") ?? "");
    keyboard.finishPaste();
  });
  window.addEventListener("focus", () => isRunning && void clipboard.offerOwn());
  const askBeforeLeaving = (event: BeforeUnloadEvent) => event.preventDefault();

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
    if (watchers.length === 0) return onEnd();
    panels.toggle(tool, byKeyboard, async (onClose) => {
      const { createEndPanel } = await import("./end-panel.ts");
      return createEndPanel({ watchers, onEnd, onClose });
    });
  };
  const onMore: Press = (tool, byKeyboard) =>
    panels.toggle(tool, byKeyboard, async (onClose) => {
      const { createMorePanel } = await import("./more-panel.ts");
      return createMorePanel({
        stage,
        onClose,
        ...(isWatching
          ? {}
          : {
              tools: {
                onKeys: () => onKeys(tool, false),
                onReconnect,
                onEnd: () => onAskEnd(tool, false),
              },
            }),
      });
    });
  const ownerTools: OwnerTools = createOwnerTools({
    onWarnings: (tool, byKeyboard) =>
      panels.toggle(tool, byKeyboard, async (onClose) => {
        const { createWarningsPanel } = await import("./warnings-panel.ts");
        return createWarningsPanel(warnings, onClose);
      }),
    onClipboard,
    onKeys,
    onReconnect,
    onMore,
    onEnd: onAskEnd,
  });
  const openBar = (): Bar => {
    const made = createBar({
      ...(isWatching ? watcherFace(session) : ownerFace(session)),
      tools: isWatching ? createWatcherTools({ onMore, onLeave: onEnd }) : ownerTools.elements,
      isBusy: panels.isOpen,
      onLeave: focusKeys,
    });
    root.prepend(made.element);
    return made;
  };

  return {
    clipboard,
    show: (client, asked) => {
      isRunning = !isWatching;
      stage.show(client, asked);
      stage.element.classList.remove("sp-lost");
      pointer.follow(client);
      if (isRunning) remote.use(client);
      bar ??= openBar();
      bar.showHealth(health);
      if (!isWatching) window.addEventListener("beforeunload", askBeforeLeaving);
      if (!hasToolFocus()) focusKeys();
      keyboard.update();
      if (isRunning) void clipboard.offerOwn();
    },
    hold: () => {
      isRunning = false;
      pointer.release();
      keyboard.update();
      remote.use(null);
      panels.close();
      stage.element.classList.add("sp-lost");
      health = { kind: "steady", roundTripMs: null };
      bar?.showHealth({ kind: "lost" });
    },
    makeRoom: () => {
      panels.close();
      keyboard.release();
    },
    takeKeys: focusKeys,
    stop: () => {
      isRunning = false;
      keyboard.update();
      remote.use(null);
      panels.close();
      bar?.element.remove();
      bar = null;
      window.removeEventListener("beforeunload", askBeforeLeaving);
      if (document.fullscreenElement) void document.exitFullscreen();
    },
    showHealth: (now) => {
      health = now;
      bar?.showHealth(now);
      if (now.kind === "unstable") bar?.open(false);
    },
    showWarnings: (now) => {
      warnings = now;
      ownerTools.showWarningCount(now.length);
    },
    showWatchers: (names, count) => {
      watchers = names;
      ownerTools.showWatchers(names, count);
    },
    offerFingers: () => undefined,
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
    title: h("h1", {}, h("bdi", { title: name }, name)),
  };
};

const watcherFace = (session: SessionView): Face => ({
  sign: h("span", { class: "sp-watch-sign" }, drawIcon("eye")),
  title: h(
    "h1",
    { class: "sp-watch-title" },
    h("span", {}, "You are watching ", h("bdi", { title: session.created_by }, shortName(session.created_by))),
    h("span", { class: "sp-watch-rest" }, " on ", h("bdi", {}, sessionName(session)), ". They know you are here."),
  ),
});
