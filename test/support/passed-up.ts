/** What guacd may ever get from a browser: the least number of arguments, and which of them are whole numbers. */
const allowed: Readonly<Record<string, { arity: number; numbers: readonly number[]; isView?: true }>> = {
  sync: { arity: 1, numbers: [0], isView: true },
  ack: { arity: 3, numbers: [0, 2], isView: true },
  nop: { arity: 0, numbers: [], isView: true },
  key: { arity: 2, numbers: [0, 1] },
  mouse: { arity: 3, numbers: [0, 1, 2] },
  touch: { arity: 7, numbers: [0, 1, 2, 3, 4] },
  size: { arity: 2, numbers: [0, 1] },
  clipboard: { arity: 2, numbers: [0] },
  blob: { arity: 2, numbers: [0] },
  end: { arity: 1, numbers: [0] },
  disconnect: { arity: 0, numbers: [], isView: true },
};

/** guacd has no more in each direction. */
const maxStreams = 64;

/** Stands where guacd is and throws for an instruction that should not have reached it, by a table that is not the gateway's. */
export class PassedUp {
  readonly #mode: "owner" | "view";
  readonly #mayPaste: boolean;
  readonly #streams = new Set<string>();

  constructor({ mode, mayPaste }: { mode: "owner" | "view"; mayPaste: boolean }) {
    this.#mode = mode;
    this.#mayPaste = mayPaste;
  }

  take([name = "", ...args]: readonly string[]): void {
    const rule = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    const refuse = (why: string) => new Error(`${name} ${args.join()} reached guacd: ${why}`);
    if (!rule) throw refuse("the opcode is not allowed");
    if (this.#mode === "view" && !rule.isView) throw refuse("it comes from someone who looks on");
    if (args.length < rule.arity) throw refuse("arguments are missing");
    if (!rule.numbers.every((index) => /^-?\d{1,15}$/.test(args[index] ?? ""))) throw refuse("a number is none");
    const [stream = ""] = args;
    if (name === "clipboard") {
      if (!this.#mayPaste) throw refuse("pasting is switched off");
      this.#streams.add(stream);
      if (this.#streams.size > maxStreams) throw refuse("too many streams are open");
    }
    if ((name === "blob" || name === "end") && !this.#streams.has(stream)) throw refuse("its stream is not open");
    if (name === "end") this.#streams.delete(stream);
  }
}
