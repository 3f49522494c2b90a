import { h } from "../dom.ts";
import { keysyms, keysymsOf } from "./keysyms.ts";

/** Something to delete, without which on-screen keyboards send nothing for their delete key. */
const filler = "\u200b";

/**
 * An invisible field that holds the focus while keys go to the target, so that input methods, dead keys and on-screen
 * keyboards have a place to compose. Keys that a key event explains never reach it; what it receives is typed.
 */
export const createTextSink = (type: (keysymList: readonly number[]) => void): HTMLTextAreaElement => {
  const field = h("textarea", {
    class: "sp-sink",
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
    rows: "1",
  });
  const reset = () => {
    field.value = filler;
    field.setSelectionRange(filler.length, filler.length);
  };
  field.addEventListener("focus", reset);
  field.addEventListener("compositionend", (event) => {
    event.stopPropagation();
    if (event.data) type(keysymsOf(event.data));
    reset();
  });
  field.addEventListener("input", (event) => {
    event.stopPropagation();
    if (!(event instanceof InputEvent) || event.isComposing || event.inputType === "insertCompositionText") return;
    if (event.inputType === "deleteContentBackward") type([keysyms.backspace]);
    else if (event.inputType === "insertLineBreak") type([keysyms.enter]);
    else if (event.data) type(keysymsOf(event.data));
    reset();
  });
  reset();
  return field;
};
