import { isUtf8 } from "node:buffer";
import { type DownOpcode, downOpcodeAt } from "./down-opcode.ts";
import { GuacdProtocolError } from "./guacd-protocol-error.ts";
import { type ChunkText, chunkTextOf, endOfDrawing, endOfInstruction } from "./instruction-bounds.ts";
import { repairInstruction } from "./repair-instruction.ts";

export interface ScannerHandlers {
  /**
   * Sees an instruction of `downOpcodes`, which is `data` from `start` to `end`; false cuts it out. Called before the
   * run that holds it is forwarded.
   */
  visit(opcode: DownOpcode, data: Buffer, start: number, end: number): boolean;
  /** Gets whole instructions in their order: as many at a time as lie together, without a copy where possible. */
  forward(run: Buffer): void;
}

/**
 * Cuts guacd's byte stream at instruction boundaries. Drawing instructions are jumped over; only an instruction that two
 * chunks share is copied. Holds at most 64 KiB of an unfinished one. `push` throws `GuacdProtocolError` for what is no
 * Guacamole, after which the scanner is of no more use.
 */
export class InstructionScanner {
  readonly #handlers: ScannerHandlers;
  /** The start of an instruction whose end has not come. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #heldKind: ChunkText["kind"] = "ascii";
  /** Fewer bytes than this cannot finish it. */
  #missingBytes = 0;

  constructor(handlers: ScannerHandlers) {
    this.#handlers = handlers;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  push(chunk: Buffer): void {
    const rest = this.#heldBytes === 0 ? chunk : this.#finishHeld(chunk);
    if (rest.length > 0) this.#scan(rest);
  }

  /** Joins what is held with as little of the chunk as ends the instruction, and gives the rest. */
  #finishHeld(chunk: Buffer): Buffer {
    let taken = 0;
    while (taken < chunk.length) {
      // Where characters have up to four bytes, the least that is missing would be a long row of small steps.
      const reach = this.#missingBytes * (this.#heldKind === "ascii" ? 1 : 4) + joinAheadBytes;
      const take = Math.min(reach, chunk.length - taken);
      this.#hold(chunk.subarray(taken, taken + take), this.#missingBytes - take);
      taken += take;
      if (this.#missingBytes > 0) continue;
      const joined = Buffer.concat(this.#held, this.#heldBytes);
      const text = chunkTextOf(joined);
      const end = endOfInstruction(joined, 0, text);
      if (end >= 0) {
        this.#held = [];
        this.#heldBytes = 0;
        this.#pass(joined.subarray(0, end), text.kind);
        // More may be left than the chunk brought: broken text can end sooner than its first part let expect.
        const left = joined.length - end;
        return left <= taken
          ? chunk.subarray(taken - left)
          : Buffer.concat([joined.subarray(end), chunk.subarray(taken)]);
      }
      this.#held = [joined];
      this.#heldKind = text.kind;
      this.#missingBytes = -end;
    }
    return chunk.subarray(taken);
  }

  #hold(bytes: Buffer, missingBytes: number): void {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > maxHeldBytes) throw new GuacdProtocolError("an instruction is longer than 64 KiB");
    this.#held.push(bytes);
    this.#missingBytes = missingBytes;
  }

  #scan(data: Buffer): void {
    const text = chunkTextOf(data);
    this.#heldKind = text.kind;
    if (text.kind === "broken") {
      this.#scanBroken(data, text);
      return;
    }
    let runStart = 0;
    let at = 0;
    while (at < data.length) {
      const end = (text.kind === "ascii" && endOfDrawing(data, at)) || endOfInstruction(data, at, text);
      if (end < 0) {
        this.#hold(data.subarray(at), -end);
        break;
      }
      const opcode = downOpcodeAt(data, at);
      if (opcode !== null && !this.#handlers.visit(opcode, data, at, end)) {
        if (at > runStart) this.#handlers.forward(data.subarray(runStart, at));
        runStart = end;
      }
      at = end;
    }
    if (at > runStart)
      this.#handlers.forward(runStart === 0 && at === data.length ? data : data.subarray(runStart, at));
  }

  #scanBroken(data: Buffer, text: ChunkText): void {
    for (let at = 0; at < data.length; ) {
      const end = endOfInstruction(data, at, text);
      if (end < 0) {
        this.#hold(data.subarray(at), -end);
        return;
      }
      this.#pass(data.subarray(at, end), text.kind);
      at = end;
    }
  }

  #pass(whole: Buffer, kind: ChunkText["kind"]): void {
    const instruction = kind === "broken" && !isUtf8(whole) ? repairInstruction(whole) : whole;
    const opcode = downOpcodeAt(instruction, 0);
    if (opcode !== null && !this.#handlers.visit(opcode, instruction, 0, instruction.length)) return;
    this.#handlers.forward(instruction);
  }
}

const maxHeldBytes = 65_536;
/** Most instructions that a chunk cuts have their last few short elements within this of the known end. */
const joinAheadBytes = 64;
