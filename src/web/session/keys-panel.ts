import { h } from "../dom.ts";
import { button } from "./button.ts";
import type { TargetKeyboard } from "./keyboard.ts";
import { keysyms } from "./keysyms.ts";
import type { Panel } from "./panel.ts";
import { createPopover } from "./popover.ts";
import { type StickyName, stickyNames } from "./sticky-keys.ts";

const stickyLabels: Record<StickyName, string> = { ctrl: "Ctrl", alt: "Alt", shift: "Shift", win: "Win" };

const [ctrl] = keysyms.ctrl;
const [alt] = keysyms.alt;
const chords: ReadonlyArray<readonly [label: string, keysymList: readonly number[]]> = [
  ["Ctrl Alt Del", [ctrl, alt, keysyms.delete]],
  ["Ctrl Alt Backspace", [ctrl, alt, keysyms.backspace]],
  ["Alt Tab", [alt, keysyms.tab]],
  ["Alt F4", [alt, keysyms.f1 + 3]],
  ["Win", [keysyms.win]],
  ["Print screen", [keysyms.print]],
  ["Esc", [keysyms.escape]],
  ["F11", [keysyms.f1 + 10]],
];

/** Keys that a browser or a small keyboard can't send: held down for others, or pressed once. */
export const createKeysPanel = ({ sticky, chord }: TargetKeyboard, onClose: () => void): Panel => {
  const held = stickyNames.map((name) => {
    const element = button({
      label: stickyLabels[name],
      look: "outline",
      onPress: () => sticky.set(name, sticky.state(name) === "up" ? "held" : "up"),
    });
    return { name, element };
  });
  const draw = () => {
    for (const { name, element } of held) element.setAttribute("aria-pressed", String(sticky.state(name) !== "up"));
  };
  draw();
  const stop = sticky.listen(draw);
  const [first] = held;
  const once = chords.map(([label, list]) => button({ label, look: "outline", onPress: () => chord(list) }));
  return createPopover({
    title: "Keys",
    role: "dialog",
    body: [
      h("h2", {}, "Hold down"),
      h("div", { class: "sp-keys-held" }, ...held.map(({ element }) => element)),
      h("h2", {}, "Press once"),
      h("div", { class: "sp-keys-once" }, ...once),
    ],
    focus: first?.element ?? h("span"),
    keepsKeys: true,
    onClose,
    dispose: () => {
      stop();
      sticky.release();
    },
  });
};
