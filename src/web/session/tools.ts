import { h } from "../dom.ts";
import { drawIcon, type IconName } from "../icons.ts";
import { toggleFullScreen } from "./full-screen.ts";

interface ToolsInput {
  readonly onWarnings: () => void;
  readonly onClipboard: () => void;
  readonly onEnd: () => void;
}

export interface Tools {
  readonly elements: readonly HTMLElement[];
  readonly clipboard: HTMLElement;
  /** Hidden while there is nothing to warn of. */
  readonly warnings: HTMLElement;
  showWarningCount(count: number): void;
}

/** The tools of the bar, from left to right. */
export const createTools = ({ onWarnings, onClipboard, onEnd }: ToolsInput): Tools => {
  const clipboard = tool("clipboard", "Clipboard", onClipboard);
  clipboard.setAttribute("aria-expanded", "false");
  const warningWords = h("span", { class: "sp-tool-label" });
  const warnings = h(
    "button",
    { type: "button", class: "sp-tool sp-tool-warn", hidden: true },
    drawIcon("alert"),
    warningWords,
  );
  warnings.addEventListener("click", onWarnings);
  const end = tool("close", "End", onEnd, "sp-tool-end");
  return {
    elements: [
      warnings,
      clipboard,
      ...(document.fullscreenEnabled ? [fullScreenTool()] : []),
      h("span", { class: "sp-bar-rule" }),
      end,
    ],
    clipboard,
    warnings,
    showWarningCount: (count) => {
      warningWords.textContent = `${count === 1 ? "1 option has" : `${count} options have`} no effect here`;
      warnings.title = warningWords.textContent;
      warnings.hidden = count === 0;
    },
  };
};

const tool = (icon: IconName, label: string, onPress: () => void, look = ""): HTMLButtonElement => {
  const element = h("button", { type: "button", class: `sp-tool ${look}`, title: label }, drawIcon(icon));
  element.append(h("span", { class: "sp-tool-label" }, label));
  element.addEventListener("click", onPress);
  return element;
};

const fullScreenTool = (): HTMLButtonElement => {
  const element = h("button", { type: "button", class: "sp-tool" });
  const draw = () => {
    const isFull = document.fullscreenElement !== null;
    const label = isFull ? "Leave full screen" : "Full screen";
    element.title = label;
    element.setAttribute("aria-label", label);
    element.replaceChildren(drawIcon(isFull ? "minimize" : "maximize"));
  };
  element.addEventListener("click", () => void toggleFullScreen().catch(draw));
  document.addEventListener("fullscreenchange", draw);
  draw();
  return element;
};
