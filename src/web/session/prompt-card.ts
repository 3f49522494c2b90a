import type { SessionView } from "../../resources/sessions/schema.ts";
import { h } from "../dom.ts";
import { drawIcon } from "../icons.ts";
import { protocolIcon } from "../protocol-icon.ts";
import { button } from "./button.ts";
import { type Card, cardFrame } from "./card.ts";
import { type FieldWords, fieldWords, promptWords, triesWords } from "./prompt-words.ts";
import { sessionName } from "./session-name.ts";

export interface PromptRefusal {
  readonly detail: string;
  readonly triesLeft: number;
}

export interface PromptCard extends Card {
  readonly names: readonly string[];
  /** Gets what was typed, by name. */
  onAnswer: ((answers: ReadonlyMap<string, string>) => void) | null;
  /** Without a connection answers wait in their fields. */
  setConnected(isConnected: boolean): void;
}

interface PromptInput {
  readonly session: SessionView;
  readonly names: readonly string[];
  /** The hop that asks; null for the target. */
  readonly hop: string | null;
  readonly refusal: PromptRefusal | null;
  /** What was typed before and is no secret, by name. */
  readonly known: ReadonlyMap<string, string>;
  readonly onCancel: () => void;
}

/** Asks for what is missing or was refused. What was typed is forgotten once it is sent. */
export const promptCard = ({ session, names, hop, refusal, known, onCancel }: PromptInput): PromptCard => {
  const fields = names.map((name, index) =>
    drawField(`sp-field-${index}`, { name, ...fieldWords(name, hop) }, known.get(name) ?? ""),
  );
  const { title, verb } = promptWords(names, hop);
  const form = h("form", { class: "sp-card-form", id: "sp-prompt", novalidate: true });
  const go = button({ label: verb, look: "primary", keyCap: "Enter", onPress: () => form.requestSubmit() });
  const icon = protocolIcon(session.session_type);
  let isConnected = true;
  if (refusal) form.append(refusalBox(refusal));
  form.append(
    ...fields.map(({ element }) => element),
    h("p", { class: "sp-card-note" }, "Used for this session only and stored nowhere."),
    // Browsers send a form with several fields on Enter only when it holds a button of its own.
    h("button", { type: "submit", hidden: true }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isConnected) return;
    const answers = new Map(fields.map(({ name, input }) => [name, input.value]));
    for (const { input } of fields) input.value = "";
    card.onAnswer?.(answers);
  });
  const card: PromptCard = {
    names,
    onAnswer: null,
    element: cardFrame({
      title,
      name: sessionName(session),
      protocol: { type: session.session_type, icon },
      body: [form],
      foot: [go, button({ label: "Cancel", look: "quiet", onPress: onCancel })],
      width: "prompt",
    }),
    ...focusOf(fields, go),
    onEscape: onCancel,
    setConnected: (is) => {
      isConnected = is;
      go.disabled = !is;
    },
  };
  return card;
};

interface Field {
  readonly name: string;
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
}

/** The first empty field that wants something. */
const focusOf = (fields: readonly Field[], otherwise: HTMLElement): { focus: HTMLElement } => {
  const empty = fields.filter(({ input }) => input.value === "");
  const wanted = empty.find(({ name }) => !fieldWords(name).isOptional) ?? empty[0] ?? fields.at(-1);
  return { focus: wanted?.input ?? otherwise };
};

const drawField = (
  id: string,
  { name, label, isSecret, isOptional }: FieldWords & { name: string },
  value: string,
): Field => {
  const input = h("input", {
    id,
    type: isSecret ? "password" : "text",
    // The browser must not offer the sign-in of the gateway itself, nor keep this one.
    autocomplete: isSecret ? "new-password" : "off",
    autocapitalize: "off",
    spellcheck: "false",
    ...(isOptional ? {} : { "aria-required": "true" }),
  });
  input.value = value;
  const box = h("div", { class: "sp-field-box" }, input);
  if (isSecret) box.append(showToggle(input, label));
  const mark = isOptional ? [h("span", { class: "sp-field-mark" }, " optional")] : [];
  return { name, input, element: h("div", { class: "sp-field" }, h("label", { for: id }, label, ...mark), box) };
};

const showToggle = (input: HTMLInputElement, label: string): HTMLButtonElement => {
  const toggle = h("button", { type: "button", class: "sp-field-show" });
  const draw = () => {
    const verb = input.type === "password" ? "Show" : "Hide";
    toggle.textContent = verb;
    toggle.setAttribute("aria-label", `${verb} ${label}`);
  };
  toggle.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    draw();
    input.focus();
  });
  draw();
  return toggle;
};

const refusalBox = ({ detail, triesLeft }: PromptRefusal): HTMLElement =>
  h(
    "div",
    { class: "sp-refusal", role: "alert" },
    drawIcon("alert"),
    h(
      "div",
      {},
      h("strong", {}, detail || "The target refused this name or password."),
      h("p", {}, triesWords(triesLeft)),
    ),
  );
