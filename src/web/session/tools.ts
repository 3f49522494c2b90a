import { h } from "../dom.ts";
import { drawIcon, type IconName } from "../icons.ts";
import { toggleFullScreen } from "./full-screen.ts";

interface ToolsInput {
  readonly warningCount: number;
  readonly onWarnings: () => void;
  readonly onClipboard: () => void;
  readonly onEnd: () => void;
}

export interface Tools {
  readonly elements: readonly HTMLElement[];
  readonly clipboard: HTMLElement;
  readonly warnings: HTMLElement | null;
}

/** The tools of the bar, from left to right. */
export const createTools = ({ warningCount, onWarnings, onClipboard, onEnd }: ToolsInput): Tools => {
  const clipboard = tool("clipboard", "Clipboard", onClipboard);
  clipboard.setAttribute("aria-expanded", "false");
  const options = warningCount === 1 ? "1 option has" : `${warningCount} options have`;
  const warnings = warningCount > 0 ? tool("alert", `${options} no effect here`, onWarnings, "sp-tool-warn") : null;
  const end = tool("close", "End", onEnd, "sp-tool-end");
  return {
    elements: [
      ...(warnings ? [warnings] : []),
      clipboard,
      ...(document.fullscreenEnabled ? [fullScreenTool()] : []),
      h("span", { class: "sp-bar-rule" }),
      end,
    ],
    clipboard,
    warnings,
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
