import { h } from "../dom.ts";
import { drawIcon, type IconName } from "../icons.ts";
import type { TargetKeyboard } from "./keyboard.ts";
import { keysyms, keysymsOf } from "./keysyms.ts";
import type { StickyName } from "./sticky-keys.ts";
import "./phone-keys.css";

interface PhoneKeysInput {
  readonly keyboard: TargetKeyboard;
  readonly onPaste: () => void;
}

const lockMs = 500;
const functionKeys = 12;

/** Two rows of the keys that on-screen keyboards lack, above the system's own. */
export const createPhoneKeys = ({ keyboard, onPaste }: PhoneKeysInput): HTMLElement => {
  const type = (list: readonly number[]) => () => keyboard.type(list);
  const symbols = ["/", "-", "|", "~", ":"].map((symbol) => key({ label: symbol, onPress: type(keysymsOf(symbol)) }));
  const more = key({ label: "F1…", name: "F1… Function keys", onPress: () => show(true) });
  const plain = h("div", { class: "sp-phone-row" }, ...symbols, more, pasteKey(onPaste));
  const functions = h(
    "div",
    { class: "sp-phone-row sp-phone-scroll", hidden: true },
    key({ label: "Back", onPress: () => show(false) }),
    ...Array.from({ length: functionKeys }, (_, index) =>
      key({ label: `F${index + 1}`, onPress: type([keysyms.f1 + index]) }),
    ),
  );
  const show = (isFunctions: boolean) => {
    plain.hidden = isFunctions;
    functions.hidden = !isFunctions;
  };
  const element = h(
    "div",
    { class: "sp-phone-keys", role: "group", "aria-label": "Keys" },
    h(
      "div",
      { class: "sp-phone-row" },
      key({ label: "Esc", onPress: type([keysyms.escape]) }),
      key({ label: "Tab", onPress: type([keysyms.tab]) }),
      stickyKey("ctrl", "Ctrl", keyboard),
      stickyKey("alt", "Alt", keyboard),
      ...arrows.map(({ icon, name, keysym }) => key({ icon, name, onPress: type([keysym]) })),
    ),
    plain,
    functions,
  );
  // A press must not take the focus, and with it the system's keyboard, from where the keys go.
  element.addEventListener("mousedown", (event) => event.preventDefault());
  element.addEventListener("contextmenu", (event) => event.preventDefault());
  return element;
};

const arrows = [
  { icon: "arrowLeft", name: "Left", keysym: keysyms.left },
  { icon: "arrowDown", name: "Down", keysym: keysyms.down },
  { icon: "arrowUp", name: "Up", keysym: keysyms.up },
  { icon: "arrowRight", name: "Right", keysym: keysyms.right },
] as const;

interface KeyInput {
  readonly label?: string;
  readonly icon?: IconName;
  /** What a screen reader says, where the label does not tell. */
  readonly name?: string;
  readonly onPress: () => void;
}

const key = ({ label, icon, name, onPress }: KeyInput): HTMLButtonElement => {
  const element = h("button", { type: "button", class: "sp-phone-key", "aria-label": name });
  element.append(icon ? drawIcon(icon) : (label ?? ""));
  element.addEventListener("click", onPress);
  return element;
};

const pasteKey = (onPaste: () => void): HTMLButtonElement => {
  const element = key({ label: "Paste", onPress: onPaste });
  element.classList.add("sp-phone-wide");
  return element;
};

/** A press holds it for one key, a long one until it is pressed again. */
const stickyKey = (name: StickyName, label: string, { sticky }: TargetKeyboard): HTMLButtonElement => {
  let wasLong = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const element = key({
    label,
    onPress: () => {
      if (!wasLong) sticky.set(name, sticky.state(name) === "up" ? "once" : "up");
      wasLong = false;
    },
  });
  const draw = () => {
    element.setAttribute("aria-pressed", String(sticky.state(name) !== "up"));
    element.dataset.sticky = sticky.state(name);
  };
  element.addEventListener("pointerdown", () => {
    wasLong = false;
    timer = setTimeout(() => {
      wasLong = true;
      sticky.set(name, "held");
      navigator.vibrate?.(20);
    }, lockMs);
  });
  for (const type of ["pointerup", "pointercancel", "pointerleave"] as const)
    element.addEventListener(type, () => clearTimeout(timer));
  sticky.listen(draw);
  draw();
  return element;
};
