import { h } from "../dom.ts";
import { drawIcon, type IconName } from "../icons.ts";
import { isFullScreen, toggleFullScreen } from "./full-screen.ts";
import { shortName } from "./names.ts";

/** What a press on a tool does; the tool itself is where a panel opens, `byKeyboard` tells where the focus goes. */
export type Press = (tool: HTMLElement, byKeyboard: boolean) => void;

interface OwnerToolsInput {
  readonly onWarnings: Press;
  readonly onClipboard: Press;
  /** Calls the system's keyboard, where a tap on the picture does not. */
  readonly onKeyboard: Press | null;
  readonly onKeys: Press;
  readonly onReconnect: Press;
  readonly onMore: Press;
  readonly onEnd: Press;
}

export interface OwnerTools {
  readonly elements: readonly HTMLElement[];
  readonly clipboard: HTMLElement;
  /** Hidden while there is nothing to warn of. */
  showWarningCount(count: number): void;
  showWatchers(names: readonly string[], count: number): void;
}

/** The tools of a session's owner, from left to right. On a phone those marked as wide are in the last menu. */
export const createOwnerTools = (on: OwnerToolsInput): OwnerTools => {
  const warningWords = h("span", { class: "sp-tool-label" });
  const warnings = h(
    "button",
    { type: "button", class: "sp-tool sp-tool-warn", hidden: true, "aria-expanded": "false" },
    drawIcon("alert"),
    warningWords,
  );
  warnings.addEventListener("click", ({ detail }) => on.onWarnings(warnings, detail === 0));
  const watcherCount = h("span", { class: "sp-count" });
  const watchers = h("span", { class: "sp-bar-watchers", role: "img", hidden: true }, drawIcon("eye"), watcherCount);
  const clipboard = tool({ icon: "clipboard", label: "Clipboard", onPress: on.onClipboard, opens: true });
  return {
    clipboard,
    elements: [
      warnings,
      watchers,
      h("span", { class: "sp-bar-rule" }),
      clipboard,
      ...(on.onKeyboard
        ? [tool({ icon: "keyboard", label: "Keyboard", onPress: on.onKeyboard, look: "sp-narrow" })]
        : []),
      tool({ icon: "keyboard", label: "Keys", onPress: on.onKeys, look: "sp-wide", opens: true }),
      ...(document.fullscreenEnabled ? [fullScreenTool("sp-wide", false)] : []),
      tool({ icon: "refresh", label: "Reconnect", onPress: on.onReconnect, look: "sp-wide sp-tool-bare" }),
      tool({ icon: "dots", label: "More", onPress: on.onMore, look: "sp-tool-bare", opens: true }),
      h("span", { class: "sp-bar-rule" }),
      tool({ icon: "close", label: "End", onPress: on.onEnd, look: "sp-wide sp-tool-end" }),
    ],
    showWarningCount: (count) => {
      warningWords.textContent = `${count === 1 ? "1 option has" : `${count} options have`} no effect here`;
      warnings.title = warningWords.textContent;
      warnings.hidden = count === 0;
    },
    showWatchers: (names, count) => {
      const words = names.length > 0 ? names.map(shortName).join(", ") : `${count} people`;
      watchers.title = `${words} ${count > 1 ? "are" : "is"} watching`;
      watchers.setAttribute("aria-label", watchers.title);
      watcherCount.textContent = String(count);
      watchers.hidden = count === 0;
    },
  };
};

/** The tools of somebody who only looks on. */
export const createWatcherTools = (on: { readonly onMore: Press; readonly onLeave: Press }): HTMLElement[] => [
  h("span", { class: "sp-bar-rule" }),
  ...(document.fullscreenEnabled ? [fullScreenTool("sp-wide", true)] : []),
  tool({ icon: "dots", label: "More", onPress: on.onMore, look: "sp-tool-bare", opens: true }),
  tool({ icon: "close", label: "Leave", onPress: on.onLeave, look: "sp-tool-end" }),
];

interface ToolInput {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: Press;
  readonly look?: string;
  /** A press opens something and another closes it. */
  readonly opens?: boolean;
}

const tool = ({ icon, label, onPress, look = "", opens = false }: ToolInput): HTMLButtonElement => {
  const element = h("button", { type: "button", class: `sp-tool ${look}`, title: label }, drawIcon(icon));
  element.append(h("span", { class: "sp-tool-label" }, label));
  if (opens) element.setAttribute("aria-expanded", "false");
  element.addEventListener("click", ({ detail }) => onPress(element, detail === 0));
  return element;
};

const fullScreenTool = (look: string, isLabelled: boolean): HTMLButtonElement => {
  const element = h("button", { type: "button", class: `sp-tool ${look}` });
  const draw = () => {
    const label = isFullScreen() ? "Leave full screen" : "Full screen";
    element.title = label;
    element.setAttribute("aria-label", label);
    element.replaceChildren(drawIcon(isFullScreen() ? "minimize" : "maximize"), ...(isLabelled ? [label] : []));
  };
  element.addEventListener("click", () => void toggleFullScreen().catch(draw));
  document.addEventListener("fullscreenchange", draw);
  draw();
  return element;
};
