import { h } from "../dom.ts";
import { button } from "./button.ts";
import { shortName } from "./names.ts";
import type { Panel } from "./panel.ts";
import { createPopover } from "./popover.ts";

interface EndPanelInput {
  readonly watchers: readonly string[];
  readonly onEnd: () => void;
  readonly onClose: () => void;
}

/** Asks before a session ends that others look at. */
export const createEndPanel = ({ watchers, onEnd, onClose }: EndPanelInput): Panel => {
  const stay = button({ label: "Cancel", look: "quiet", onPress: onClose });
  const names = watchers.map(shortName).join(", ");
  return createPopover({
    title: "End for everyone?",
    role: "alertdialog",
    body: [
      h("h2", {}, "End for everyone?"),
      h("p", {}, h("bdi", {}, names), ` ${watchers.length > 1 ? "are" : "is"} watching this session.`),
      h("div", { class: "sp-popover-buttons" }, button({ label: "End session", look: "danger", onPress: onEnd }), stay),
    ],
    focus: stay,
    onClose,
  });
};
