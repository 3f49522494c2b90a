import type { Client } from "@glokon/guacamole-common-js";
import type { SessionView } from "../../resources/sessions/schema.ts";
import { type Clipboard, createClipboard } from "./clipboard.ts";
import type { FingerMode } from "./fingers.ts";
import type { TargetSize } from "./fit.ts";
import { createKeyboard } from "./keyboard.ts";
import { createPhone } from "./phone.ts";
import { createPointer } from "./pointer.ts";
import type { Remote } from "./remote.ts";
import { sessionName } from "./session-name.ts";
import type { Stage } from "./stage.ts";
import { createTextSink } from "./text-sink.ts";
import { createToolBar, type ToolBar } from "./tool-bar.ts";

export interface Screen extends Pick<ToolBar, "showHealth" | "showWarnings" | "showWatchers"> {
  readonly clipboard: Clipboard;
  /** Shows the picture of this connection with the tools, and gives keys and pointer to the target. */
  show(client: Client, asked: TargetSize): void;
  /** The connection is lost: the picture stays without colour, and nothing is sent or kept for later. */
  hold(): void;
  /** The gateway asks something in front of the screen, and then no longer. */
  makeRoom(): void;
  takeKeys(): void;
  /** How many fingers the target takes as they are. */
  offerFingers(count: number): void;
  /** Tools and panels go, keys go nowhere. */
  stop(): void;
}

interface ScreenInput {
  readonly root: HTMLElement;
  readonly stage: Stage;
  readonly remote: Remote;
  readonly session: SessionView;
  readonly isWatching: boolean;
  readonly onReconnect: () => void;
  readonly onEnd: () => void;
}

const hasFingers = "(any-pointer: coarse)";

/** Joins the remote picture to this browser's keyboard, pointer, fingers, clipboard and tools. */
export const createScreen = (input: ScreenInput): Screen => {
  const { root, stage, remote, session, isWatching, onReconnect, onEnd } = input;
  const name = sessionName(session);
  const isDesktop = session.session_type !== "ssh";
  const clipboard = createClipboard(remote);
  let isRunning = false;
  let fingerMode: FingerMode = "touch";
  let offeredFingers = 0;
  const sink = createTextSink((list) => keyboard.type(list));
  sink.setAttribute("aria-label", `Keyboard input for ${name}`);
  stage.element.setAttribute("aria-label", name);
  stage.element.setAttribute("aria-description", "Press Ctrl+Alt+Shift for session tools");
  stage.element.append(sink);
  if (!isWatching) root.classList.add("sp-owner");
  const focusKeys = () => sink.focus({ preventScroll: true });
  const areKeysForTarget = () => isRunning && !stage.element.inert && !tools.hasFocus();
  const keyboard = createKeyboard({ remote, isHeld: areKeysForTarget, onToolsKey: () => tools.open() });
  const pointer = createPointer({ remote, stage, focusKeys });
  const fingers = {
    mode: () => fingerMode,
    choose: (mode: FingerMode) => {
      fingerMode = mode;
    },
  };
  const canChoose = isDesktop && !isWatching && matchMedia(hasFingers).matches;
  const tools = createToolBar({
    root,
    stage,
    session,
    isWatching,
    keyboard,
    clipboard,
    fingers: canChoose ? fingers : null,
    focusKeys,
    onReconnect,
    onEnd,
  });
  const phone = createPhone({ root, stage, keyboard, clipboard, isDesktop, onNoPaste: tools.openClipboard });
  if (matchMedia(hasFingers).matches) {
    void import("./fingers.ts").then(({ listenToFingers }) =>
      listenToFingers({
        remote,
        stage,
        mode: fingers.mode,
        offered: () => offeredFingers,
        // On a desktop most taps are no wish to type, and the system's keyboard would hide half of it.
        onTap: () => (!isDesktop || tools.hasFocus()) && focusKeys(),
        drawCursor: pointer.drawCursor,
      }),
    );
  }
  document.addEventListener("paste", (event) => {
    if (!areKeysForTarget()) return;
    event.preventDefault();
    clipboard.offer(event.clipboardData?.getData("text/plain") ?? "");
    keyboard.finishPaste();
  });
  window.addEventListener("focus", () => isRunning && void clipboard.offerOwn());
  const askBeforeLeaving = (event: BeforeUnloadEvent) => event.preventDefault();

  return {
    clipboard,
    show: (client, asked) => {
      isRunning = !isWatching;
      stage.show(client, asked);
      stage.element.classList.remove("sp-lost");
      pointer.follow(client);
      tools.show();
      if (!tools.hasFocus()) focusKeys();
      if (isWatching) return;
      remote.use(client);
      keyboard.update();
      phone.show();
      window.addEventListener("beforeunload", askBeforeLeaving);
      void clipboard.offerOwn();
    },
    hold: () => {
      isRunning = false;
      offeredFingers = 0;
      pointer.release();
      keyboard.update();
      remote.use(null);
      tools.closePanels();
      tools.showHealth({ kind: "lost" });
      phone.hold();
      stage.element.classList.add("sp-lost");
    },
    makeRoom: () => {
      tools.closePanels();
      keyboard.release();
    },
    takeKeys: focusKeys,
    offerFingers: (count) => {
      offeredFingers = count;
    },
    stop: () => {
      isRunning = false;
      keyboard.update();
      remote.use(null);
      tools.remove();
      phone.hide();
      window.removeEventListener("beforeunload", askBeforeLeaving);
      if (document.fullscreenElement) void document.exitFullscreen();
    },
    showHealth: tools.showHealth,
    showWarnings: tools.showWarnings,
    showWatchers: tools.showWatchers,
  };
};
