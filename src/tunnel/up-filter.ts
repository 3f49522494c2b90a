import { type UpRule, upOpcodes } from "./up-opcodes.ts";

/** How a browser is attached: as the session's owner, or looking on. */
export type AttachmentMode = "owner" | "view";

/** What becomes of one instruction from the browser. */
export type UpVerdict =
  | { readonly kind: "pass"; readonly input: boolean }
  | { readonly kind: "drop" }
  | { readonly kind: "end" }
  | { readonly kind: "size"; readonly width: number; readonly height: number }
  /** Part of an answer to an open question: for the gateway, not for guacd. */
  | { readonly kind: "answer" }
  /** Answer the browser with an `ack` of status 771 (CLIENT_FORBIDDEN) on this stream. */
  | { readonly kind: "refuse"; readonly stream: string; readonly why: string };

/** guacd before 1.6.0 has 64 streams for each user and direction; beyond that it may crash at its next clipboard. */
const maxOpenStreams = 64;
const maxDisplaySide = 8192;

const drop: UpVerdict = { kind: "drop" };
const pass: UpVerdict = { kind: "pass", input: false };
const input: UpVerdict = { kind: "pass", input: true };
const answer: UpVerdict = { kind: "answer" };

/** Decides about a browser's instructions one by one and remembers which streams were let through. */
export class UpFilter {
  readonly #mode: AttachmentMode;
  readonly #pasteAllowed: boolean;
  readonly #isAsked: (name: string) => boolean;
  readonly #open = new Map<string, UpVerdict>();

  /** `isAsked` tells whether a question with this name is open. */
  constructor(options: { mode: AttachmentMode; pasteAllowed: boolean; isAsked: (name: string) => boolean }) {
    this.#mode = options.mode;
    this.#pasteAllowed = options.pasteAllowed;
    this.#isAsked = options.isAsked;
  }

  decide(elements: readonly string[]): UpVerdict {
    const opcode = elements[0] ?? "";
    const rule = Object.hasOwn(upOpcodes, opcode) ? upOpcodes[opcode] : undefined;
    if (!rule || !isWellFormed(rule, elements)) return drop;
    const verb = rule[this.#mode];
    if (verb === "forward") return pass;
    if (verb === "input") return input;
    const args = elements.slice(1);
    switch (verb) {
      case "size":
        return sizeOf(args);
      case "clipboard":
        if (!this.#pasteAllowed) return refuse(rule, args, "Pasting is switched off.");
        return this.#openStream(rule, args, pass);
      case "answer":
        return this.#isAsked(args[2] ?? "") ? this.#openStream(rule, args, answer) : refuse(rule, args, "Not allowed.");
      case "stream":
        return this.#useStream(opcode, args[0] ?? "");
      case "end":
        return { kind: "end" };
      case "refuse":
        return refuse(rule, args, "Not allowed.");
      case "drop":
        return drop;
    }
  }

  #openStream(rule: UpRule, args: readonly string[], verdict: UpVerdict): UpVerdict {
    if (this.#open.size >= maxOpenStreams) return refuse(rule, args, "Too many streams.");
    this.#open.set(args[0] ?? "", verdict);
    return verdict;
  }

  #useStream(opcode: string, stream: string): UpVerdict {
    const verdict = this.#open.get(stream) ?? drop;
    if (opcode === "end") this.#open.delete(stream);
    return verdict;
  }
}

/** Small whole numbers only: guacd reads them with atoi, which is undefined beyond an int. */
const wholeNumber = /^-?\d{1,15}$/;

/** The opcode stands before the arguments. */
const isWellFormed = ({ arity, numbers = none }: UpRule, elements: readonly string[]): boolean =>
  elements.length > arity && numbers.every((index) => wholeNumber.test(elements[index + 1] ?? ""));

const none: readonly number[] = [];

const sizeOf = (args: readonly string[]): UpVerdict => {
  const [width = 0, height = 0] = args.map(Number);
  const fits = [width, height].every((side) => side >= 1 && side <= maxDisplaySide);
  return fits ? { kind: "size", width, height } : drop;
};

const refuse = (rule: UpRule, args: readonly string[], why: string): UpVerdict => {
  const stream = rule.stream === undefined ? undefined : args[rule.stream];
  return stream === undefined ? drop : { kind: "refuse", stream, why };
};
