import { type UpRule, upOpcodes } from "./up-opcodes.ts";

/** What becomes of one instruction from the browser. */
export type UpVerdict =
  | { readonly kind: "pass"; readonly input: boolean }
  | { readonly kind: "drop" }
  | { readonly kind: "end" }
  /** Answer the browser with an `ack` of status 771 (CLIENT_FORBIDDEN) on this stream. */
  | { readonly kind: "refuse"; readonly stream: string; readonly why: string };

/** guacd before 1.6.0 has 64 streams for each user and direction; beyond that it may crash at its next clipboard. */
const maxOpenStreams = 64;
const maxDisplaySide = 8192;

const drop: UpVerdict = { kind: "drop" };
const pass: UpVerdict = { kind: "pass", input: false };

/** Decides about an owner's instructions one by one and remembers which streams were let through. */
export class UpFilter {
  readonly #open = new Set<string>();
  readonly #pasteAllowed: boolean;

  constructor(options: { pasteAllowed: boolean }) {
    this.#pasteAllowed = options.pasteAllowed;
  }

  decide(elements: readonly string[]): UpVerdict {
    const [opcode = "", ...args] = elements;
    const rule = Object.hasOwn(upOpcodes, opcode) ? upOpcodes[opcode] : undefined;
    if (!rule || !isWellFormed(rule, args)) return drop;
    switch (rule.owner) {
      case "forward":
        return pass;
      case "input":
        return { kind: "pass", input: true };
      case "size":
        return args.slice(0, 2).every((side) => Number(side) >= 1 && Number(side) <= maxDisplaySide) ? pass : drop;
      case "clipboard":
        return this.#openStream(args[0] ?? "");
      case "stream":
        return this.#useStream(opcode, args[0] ?? "");
      case "end":
        return { kind: "end" };
      case "refuse":
        return refuse(rule, args, "Not allowed.");
    }
  }

  #openStream(stream: string): UpVerdict {
    if (!this.#pasteAllowed) return { kind: "refuse", stream, why: "Pasting is switched off." };
    if (this.#open.size >= maxOpenStreams) return { kind: "refuse", stream, why: "Too many streams." };
    this.#open.add(stream);
    return pass;
  }

  #useStream(opcode: string, stream: string): UpVerdict {
    if (!this.#open.has(stream)) return drop;
    if (opcode === "end") this.#open.delete(stream);
    return pass;
  }
}

/** Small whole numbers only: guacd reads them with atoi, which is undefined beyond an int. */
const wholeNumber = /^-?\d{1,15}$/;

const isWellFormed = (rule: UpRule, args: readonly string[]): boolean =>
  args.length >= rule.arity && (rule.numbers ?? []).every((index) => wholeNumber.test(args[index] ?? ""));

const refuse = (rule: UpRule, args: readonly string[], why: string): UpVerdict => {
  const stream = rule.stream === undefined ? undefined : args[rule.stream];
  return stream === undefined ? drop : { kind: "refuse", stream, why };
};
