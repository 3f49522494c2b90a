import { h } from "../dom.ts";
import { drawIcon, type IconName } from "../icons.ts";
import { button } from "./button.ts";
import type { FingerMode } from "./fingers.ts";
import { isFullScreen, toggleFullScreen } from "./full-screen.ts";
import type { Panel } from "./panel.ts";
import { createPopover } from "./popover.ts";
import type { Stage } from "./stage.ts";
import { nextPercent } from "./zoom.ts";

interface MorePanelInput {
  readonly stage: Stage;
  /** What a wide bar shows itself; absent for those who only look on. */
  readonly tools?: {
    readonly onKeys: () => void;
    readonly onReconnect: () => void;
    readonly onEnd: () => void;
  };
  /** How fingers point, where it can be chosen. */
  readonly fingers?: { readonly mode: () => FingerMode; readonly choose: (mode: FingerMode) => void };
  readonly onClose: () => void;
}

/** What the bar has no room for: zoom, and on a phone the other tools. */
export const createMorePanel = ({ stage, tools, fingers, onClose }: MorePanelInput): Panel => {
  const zoom = zoomRow(stage);
  const row = (icon: IconName, label: string, act: () => void, look = "") => {
    const element = h("button", { type: "button", class: `sp-row sp-narrow ${look}` }, drawIcon(icon), label);
    element.addEventListener("click", () => {
      onClose();
      act();
    });
    return element;
  };
  const body: HTMLElement[] = [h("h2", {}, "Zoom"), zoom.element];
  if (fingers) body.push(h("h2", {}, "Fingers"), fingerRow(fingers));
  if (tools) {
    body.push(h("hr", { class: "sp-narrow" }), row("keyboard", "Keys", tools.onKeys));
    if (document.fullscreenEnabled) {
      const label = isFullScreen() ? "Leave full screen" : "Full screen";
      body.push(row(isFullScreen() ? "minimize" : "maximize", label, () => void toggleFullScreen().catch(onClose)));
    }
    body.push(row("refresh", "Reconnect", tools.onReconnect), row("close", "End", tools.onEnd, "sp-row-end"));
  }
  return createPopover({ title: "More", role: "dialog", body, focus: zoom.focus, onClose, dispose: zoom.dispose });
};

const zoomRow = (stage: Stage) => {
  const percent = h("span", { class: "sp-zoom-now", role: "status" });
  const step = (label: string, name: string, direction: 1 | -1) => {
    const element = button({
      label,
      look: "outline",
      onPress: () => stage.zoom(nextPercent(stage.shownPercent(), direction)),
    });
    element.setAttribute("aria-label", name);
    return element;
  };
  const fit = button({ label: "Fit", look: "outline", onPress: () => stage.zoom(null) });
  const whole = button({ label: "100 %", look: "outline", onPress: () => stage.zoom(100) });
  const draw = () => {
    percent.textContent = `${stage.shownPercent()} %`;
    fit.setAttribute("aria-pressed", String(stage.view.percent === null));
    whole.setAttribute("aria-pressed", String(stage.view.percent === 100));
  };
  stage.onview = draw;
  draw();
  const element = h("div", { class: "sp-zoom" }, fit, whole, step("−", "Smaller", -1), percent, step("+", "Larger", 1));
  const dispose = () => {
    stage.onview = null;
  };
  return { element, focus: fit, dispose };
};

const fingerRow = ({ mode, choose }: NonNullable<MorePanelInput["fingers"]>): HTMLElement => {
  const choices = (["touch", "trackpad"] as const).map((each) => {
    const label = each === "touch" ? "Touch" : "Trackpad";
    const onPress = () => {
      choose(each);
      draw();
    };
    return { each, element: button({ label, look: "outline", onPress }) };
  });
  const note = h("p", { class: "sp-card-note" });
  const draw = () => {
    for (const { each, element } of choices) element.setAttribute("aria-pressed", String(mode() === each));
    note.textContent = mode() === "touch" ? "Tap where you mean." : "Drag to move the pointer, tap to click.";
  };
  draw();
  return h("div", { class: "sp-touch" }, ...choices.map(({ element }) => element), note);
};
