import type { SessionView } from "../../resources/sessions/schema.ts";
import { type Bar, createBar } from "./bar.ts";
import { type Clipboard, createClipboard } from "./clipboard.ts";
import type { Connection } from "./connection.ts";
import { createKeyboard } from "./keyboard.ts";
import { keysymsOf } from "./keysyms.ts";
import { createMouse } from "./mouse.ts";
import { createPanelHost } from "./panel-host.ts";
import { protocolIcon } from "./protocol-icon.ts";
import { sessionName } from "./session-name.ts";
import type { Stage } from "./stage.ts";
import { createTextSink } from "./text-sink.ts";
import { createTools } from "./tools.ts";

export interface Screen {
  readonly clipboard: Clipboard;
  /** Shows the tools and gives keys and pointer to the target. */
  start(): void;
  showRoundTrip(ms: number): void;
  showSteady(isSteady: boolean): void;
  /** Options of the session that have no effect, each in the gateway's words. */
  showWarnings(warnings: readonly string[]): void;
  /** The session is over: tools and panels go, keys go nowhere. */
  stop(): void;
}

interface ScreenInput {
  readonly root: HTMLElement;
  readonly stage: Stage;
  readonly session: SessionView;
  readonly connection: Connection;
  readonly onEnd: () => void;
}

/** Joins the remote picture to this browser's keyboard, pointer, clipboard and tools. */
export const createScreen = ({ root, stage, session, connection, onEnd }: ScreenInput): Screen => {
  const { client } = connection;
  const name = sessionName(session);
  const clipboard = createClipboard(client);
  let bar: Bar | null = null;
  let isRunning = false;
  let roundTripMs: number | null = null;
  let warnings: readonly string[] = [];
  let silence: ReturnType<typeof setInterval> | undefined;
  const sink = createTextSink((list) => keyboard.type(list));
  sink.setAttribute("aria-label", `Keyboard input for ${name}`);
  stage.element.setAttribute("aria-label", name);
  stage.element.setAttribute("aria-description", "Press Ctrl+Alt+Shift for session tools");
  stage.element.append(sink);
  stage.follow(client);
  const focusKeys = () => sink.focus({ preventScroll: true });
  const panels = createPanelHost(root, focusKeys);
  const hasToolFocus = () => bar?.element.contains(document.activeElement) || panels.hasFocus();
  const keyboard = createKeyboard({
    client,
    isHeld: () => isRunning && !hasToolFocus(),
    onToolsKey: () => bar?.open(true),
  });
  createMouse(client, stage.element, focusKeys);
  document.addEventListener("paste", (event) => {
    if (!isRunning || hasToolFocus()) return;
    event.preventDefault();
    clipboard.offer(event.clipboardData?.getData("text/plain") ?? "");
    keyboard.finishPaste();
  });
  window.addEventListener("focus", () => isRunning && void clipboard.offerOwn());
  const askBeforeLeaving = (event: BeforeUnloadEvent) => event.preventDefault();

  const tools = createTools({
    onWarnings: () =>
      panels.toggle(tools.warnings, async (onClose) => {
        const { createWarningsPanel } = await import("./warnings-panel.ts");
        return createWarningsPanel(warnings, onClose);
      }),
    onClipboard: () =>
      panels.toggle(tools.clipboard, async (onClose) => {
        const { createClipboardPanel } = await import("./clipboard-panel.ts");
        return createClipboardPanel({ clipboard, onType: (text) => keyboard.type(keysymsOf(text)), onClose });
      }),
    onEnd,
  });

  return {
    clipboard,
    start: () => {
      isRunning = true;
      const protocol = { type: session.session_type, icon: protocolIcon(session.session_type) };
      bar = createBar({ name, protocol, tools: tools.elements, onLeave: focusKeys });
      bar.showHealth({ kind: "steady", roundTripMs });
      root.prepend(bar.element);
      window.addEventListener("beforeunload", askBeforeLeaving);
      focusKeys();
      void clipboard.offerOwn();
    },
    showRoundTrip: (ms) => {
      roundTripMs = ms;
      bar?.showHealth({ kind: "steady", roundTripMs });
    },
    showSteady: (isSteady) => {
      clearInterval(silence);
      if (isSteady) return;
      const sinceMs = Date.now() - 3000;
      const tell = () => bar?.showHealth({ kind: "unstable", sinceMs });
      tell();
      silence = setInterval(tell, 1000);
      bar?.open(false);
    },
    showWarnings: (now) => {
      warnings = now;
      tools.showWarningCount(now.length);
    },
    stop: () => {
      isRunning = false;
      clearInterval(silence);
      keyboard.release();
      panels.close();
      bar?.element.remove();
      bar = null;
      sink.remove();
      window.removeEventListener("beforeunload", askBeforeLeaving);
      if (document.fullscreenElement) void document.exitFullscreen();
    },
  };
};
