import { codePointCount } from "./instruction.ts";

/** What guacd reads at most, from its parser's constants; 128 elements fail when the last one arrives in two pieces. */
const guacdLimits = { elementCodePoints: 8192, instructionBytes: 32_768, elements: 127 } as const;

export interface InstructionLimits {
  readonly elementCodePoints: number;
  /** UTF-8, with lengths and delimiters. */
  readonly instructionBytes: number;
  /** Opcode included. */
  readonly elements: number;
}

/** A message from the browser that guacd must not see. `status` is what the browser's socket is closed with. */
export class InstructionError extends Error {
  override readonly name = "InstructionError";
  /** 768: not the grammar. 781: more than guacd takes. */
  readonly status: 768 | 781;

  constructor(status: 768 | 781, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Reads a message of one or more whole instructions, each as its elements with the opcode first. Stricter than guacd:
 * lengths are one to five digits without sign, space or leading zero. Throws `InstructionError`.
 */
export const parseInstructions = (message: string, limits: InstructionLimits = guacdLimits): string[][] => {
  if (message.length === 0) throw grammar("an empty message");
  if (!message.isWellFormed()) throw grammar("a lone surrogate");
  const astral = codePointCount(message) !== message.length;
  const instructions: string[][] = [];
  for (let at = 0; at < message.length; ) {
    const { elements, end } = readInstruction(message, at, astral, limits);
    if (exceedsBytes(message, at, end, limits.instructionBytes)) throw overrun("an instruction is too long");
    instructions.push(elements);
    at = end;
  }
  return instructions;
};

const readInstruction = (message: string, start: number, astral: boolean, limits: InstructionLimits) => {
  const elements: string[] = [];
  for (let at = start; ; ) {
    if (elements.length === limits.elements) throw overrun("an instruction has too many elements");
    const dot = message.indexOf(".", at);
    const length = readLength(message, at, dot);
    if (length > limits.elementCodePoints) throw overrun("an element is too long");
    const end = astral ? endOfText(message, dot + 1, length) : dot + 1 + length;
    const terminator = message.charCodeAt(end);
    if (terminator !== comma && terminator !== semicolon) throw grammar("an element does not end with , or ;");
    elements.push(message.slice(dot + 1, end));
    if (terminator === semicolon) return { elements, end: end + 1 };
    at = end + 1;
  }
};

const comma = 0x2c;
const semicolon = 0x3b;

const readLength = (message: string, start: number, dot: number): number => {
  const digits = dot - start;
  if (digits < 1 || digits > 5) throw grammar("a length is not 1 to 5 digits");
  let length = 0;
  for (let at = start; at < dot; at++) {
    const digit = message.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) throw grammar("a length has a character that is no digit");
    length = length * 10 + digit;
  }
  if (digits > 1 && message.charCodeAt(start) === 0x30) throw grammar("a length has a leading zero");
  return length;
};

/** Index after `count` code points. */
const endOfText = (message: string, start: number, count: number): number => {
  let at = start;
  for (let left = count; left > 0; left--) {
    const unit = message.charCodeAt(at);
    at += unit >= 0xd800 && unit < 0xdc00 ? 2 : 1;
  }
  return at;
};

/** UTF-8 has at most three bytes for each UTF-16 unit, so most instructions need no counting. */
const exceedsBytes = (message: string, start: number, end: number, limit: number): boolean =>
  (end - start) * 3 > limit && Buffer.byteLength(message.slice(start, end)) > limit;

const grammar = (what: string) => new InstructionError(768, `message with ${what}`);
const overrun = (what: string) => new InstructionError(781, what);
