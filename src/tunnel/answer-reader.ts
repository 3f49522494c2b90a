import { Secret } from "../core/secret.ts";

/** guacd takes no longer value of an argument (argv.h, 1.3.0 to 1.6.0). */
const maxAnswerBytes = 16_384;

/** A value that the person gave for one name of a question. */
export interface Answer {
  readonly name: string;
  readonly value: Secret<string>;
}

/** Puts the `argv`, `blob` and `end` of answers together. One that grows too long is forgotten, as if it had not begun. */
export class AnswerReader {
  readonly #open = new Map<string, { name: string; chunks: Buffer[]; bytes: number }>();

  /** The answer that this instruction completes. */
  read([opcode, stream = "", ...args]: readonly string[]): Answer | undefined {
    if (opcode === "argv") {
      this.#open.set(stream, { name: args[1] ?? "", chunks: [], bytes: 0 });
      return undefined;
    }
    const open = this.#open.get(stream);
    if (!open) return undefined;
    if (opcode === "blob") {
      const chunk = Buffer.from(args[0] ?? "", "base64");
      open.chunks.push(chunk);
      // An empty one takes memory too.
      open.bytes += Math.max(1, chunk.length);
      if (open.bytes > maxAnswerBytes) this.#open.delete(stream);
      return undefined;
    }
    this.#open.delete(stream);
    return { name: open.name, value: new Secret(Buffer.concat(open.chunks).toString("utf8")) };
  }
}
