import { h } from "../dom.ts";
import { drawIcon, type IconName } from "../icons.ts";
import { button, copyButton } from "./button.ts";
import type { Clipboard } from "./clipboard.ts";
import { createPanel, type Panel } from "./panel.ts";
import { clockTime } from "./time-words.ts";

interface ClipboardPanelInput {
  readonly clipboard: Clipboard;
  readonly onType: (text: string) => void;
  readonly onClose: () => void;
}

/** Both clipboards, for everything that the browser does not do by itself. */
export const createClipboardPanel = ({ clipboard, onType, onClose }: ClipboardPanelInput): Panel => {
  const received = h("pre", { class: "sp-clip-text", tabindex: "0", "aria-label": "Text from the target" });
  const at = h("span", { class: "sp-clip-age" });
  const note = h("p", { class: "sp-clip-note" });
  const copy = copyButton("Copy to this device", "outline", () => clipboard.state().fromTarget?.text ?? "");
  const field = h("textarea", {
    class: "sp-clip-field",
    placeholder: "Type or paste here",
    "aria-labelledby": "sp-clip-to",
    spellcheck: "false",
  });
  const said = h("p", { class: "sp-clip-said", role: "status" });
  const draw = () => {
    const { fromTarget, refusal } = clipboard.state();
    received.textContent = fromTarget?.text ?? "Nothing was copied on the target yet.";
    received.dataset.empty = String(fromTarget === null);
    at.textContent = fromTarget ? clockTime(fromTarget.at, "seconds") : "";
    note.textContent = fromTarget ? copyNotes[fromTarget.isCopied ? "copied" : "refused"] : "";
    note.hidden = fromTarget === null;
    copy.hidden = fromTarget === null;
    if (refusal !== null) say(refusal, true);
  };
  const say = (text: string, isBad = false) => {
    said.textContent = text;
    said.dataset.bad = String(isBad);
  };
  const withText = (act: (text: string) => void) => () => {
    if (field.value === "") field.focus();
    else act(field.value);
  };
  const send = withText((text) => {
    clipboard.send(text);
    if (clipboard.state().refusal === null) say("Sent to the target's clipboard.");
  });
  const type = withText((text) => {
    onType(text);
    say("Typed.");
  });
  clipboard.onchange = draw;
  draw();
  return createPanel({
    title: "Clipboard",
    body: [
      heading("arrowDown", "From the target", "sp-clip-from", at),
      received,
      note,
      copy,
      h("hr"),
      heading("arrowUp", "To the target", "sp-clip-to"),
      field,
      h(
        "div",
        { class: "sp-clip-buttons" },
        button({ label: "Send", look: "primary", onPress: send }),
        button({ label: "Type it as keys", look: "outline", onPress: type }),
      ),
      h(
        "p",
        { class: "sp-clip-note" },
        "“Type it as keys” helps where the target has no clipboard, such as a login screen.",
      ),
      said,
    ],
    foot: [
      h(
        "p",
        {},
        "In a terminal, ",
        ...keyCaps("Ctrl", "Shift", "V"),
        " pastes. On a desktop it is ",
        ...keyCaps("Ctrl", "V"),
        ".",
      ),
    ],
    focus: field,
    onClose,
  });
};

const copyNotes = {
  copied: "It is on this device's clipboard too.",
  refused: "This browser did not let the page copy it by itself.",
};

const heading = (icon: IconName, text: string, id: string, ...more: Node[]): HTMLElement =>
  h("h3", { class: "sp-clip-heading" }, drawIcon(icon, 16), h("span", { id }, text), ...more);

const keyCaps = (...names: string[]): Node[] => names.map((name) => h("kbd", { class: "sp-key" }, name));
