import { h } from "../dom.ts";
import { drawIcon, type IconName } from "../icons.ts";

interface ButtonInput {
  readonly label: string;
  readonly look: "primary" | "outline" | "quiet" | "danger";
  readonly onPress: (event: Event) => void;
  readonly icon?: IconName;
  /** The key that does the same, shown beside the label. */
  readonly keyCap?: string;
}

export const button = ({ label, look, onPress, icon, keyCap }: ButtonInput): HTMLButtonElement => {
  const element = h("button", { type: "button", class: `sp-button sp-${look}` });
  if (icon) element.append(drawIcon(icon));
  element.append(label);
  if (keyCap) element.append(h("kbd", { class: "sp-key", "aria-hidden": "true" }, keyCap));
  element.addEventListener("click", onPress);
  return element;
};

/** A button that copies a text and says so for two seconds, to screen readers too. */
export const copyButton = (label: string, look: ButtonInput["look"], text: () => string): HTMLButtonElement => {
  const words = h("span", { "aria-live": "polite" }, label);
  const element = button({
    label: "",
    look,
    icon: "copy",
    onPress: () => {
      const say = (done: string) => {
        words.textContent = done;
        setTimeout(() => words.replaceChildren(label), 2000);
      };
      copyText(text()).then(
        () => say("Copied"),
        () => say("Not copied"),
      );
    },
  });
  element.append(words);
  return element;
};

/** Copies during a click. Pages on plain http have no clipboard API; the old command still works there. */
const copyText = async (text: string): Promise<void> => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = h("textarea", { class: "sp-offscreen", "aria-hidden": "true" });
  field.value = text;
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!copied) throw new Error("The browser refused to copy");
};
