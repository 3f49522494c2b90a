import type { Socket } from "node:net";
import type { Logger } from "../core/log.ts";
import { decodeInstruction } from "./decode-instruction.ts";
import type { DownOpcode } from "./down-opcode.ts";
import { DroppedStreams, isStreamOpener } from "./dropped-streams.ts";
import { hangUp, hangUpLimitMs } from "./guacd-channel.ts";
import { GuacdProtocolError } from "./guacd-protocol-error.ts";
import type { Handshake } from "./handshake.ts";
import { InstructionScanner } from "./instruction-scanner.ts";
import { LegTimers } from "./leg-timers.ts";
import { type OpenLegOptions, openGuacd } from "./open-guacd.ts";
import { plainTextOf } from "./status.ts";

export type LegEnd =
  /** guacd said why; its text is empty when it says nothing. */
  | { readonly kind: "error"; readonly status: number; readonly text: string }
  | { readonly kind: "disconnect" }
  /** The connection broke, or brought what is no Guacamole. */
  | { readonly kind: "lost" }
  | { readonly kind: "silent"; readonly seconds: number }
  /** It does not read. */
  | { readonly kind: "stuck" };

export interface LegHandlers {
  /** Whole instructions, in order, in a buffer that nobody changes any more. */
  onData(instructions: Buffer): void;
  /**
   * Sees what is neither drawing nor `blob`, `end`, `img`, `error` or `disconnect`, before the data that holds it. "drop"
   * cuts it out, and with the opener of a stream all of the stream. `args` reads the arguments, which nobody needs of most.
   */
  onInstruction(opcode: DownOpcode, args: () => readonly string[]): "forward" | "drop";
  /** After `write` gave false: there is room again. */
  onDrain(): void;
  /** Once at most, and not after `close` or `destroy`. The leg has let go of its socket. */
  onEnd(end: LegEnd): void;
}

/** Browsers are held back long before; this is for a guacd that has much answered and reads none of it. */
const maxUntakenBytes = 512 * 1024;
/** UTF-16 units. */
const maxGathered = 4096;

/** Bytes on their way that wait in this process. */
export interface HeldBytes {
  readonly down: number;
  readonly up: number;
}

/** One connection to guacd after its handshake, kept alive by itself. Who opened it calls `close` or `destroy`. */
export class GuacdLeg {
  readonly connectionId: string;
  readonly version: string;
  readonly argNames: readonly string[];
  readonly ignored: readonly string[];
  /** Settles when the socket is let go of. */
  readonly released: Promise<void>;
  readonly #socket: Socket;
  readonly #log: Logger;
  readonly #scanner: InstructionScanner;
  readonly #timers: LegTimers;
  readonly #dropped = new DroppedStreams();
  /** What goes up at the end of this turn of the event loop. */
  #gathered = "";
  readonly #flush = (): void => {
    if (this.#gathered !== "" && this.#socket.writable) this.#socket.write(this.#gathered);
    this.#gathered = "";
  };
  #handlers: LegHandlers | null = null;
  #closing: PromiseWithResolvers<void> | null = null;
  /** guacd's own last word; what it sends after it is not passed on. */
  #lastWord: LegEnd | null = null;

  private constructor(socket: Socket, handshake: Handshake, options: OpenLegOptions) {
    ({
      connectionId: this.connectionId,
      version: this.version,
      argNames: this.argNames,
      ignored: this.ignored,
    } = handshake);
    this.#socket = socket;
    this.#log = options.log;
    this.#scanner = new InstructionScanner({
      visit: (opcode, data, start, end) => this.#visit(opcode, data, start, end),
      forward: (run) => this.#handlers?.onData(run),
    });
    this.#timers = new LegTimers({
      silenceMs: options.timeouts.silenceMs,
      sendNop: () => this.write("3.nop;"),
      onSilence: () => this.#end({ kind: "silent", seconds: options.timeouts.silenceMs / 1000 }),
    });
    this.released = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("drain", () => this.#handlers?.onDrain());
    socket.on("close", () => this.#end({ kind: "lost" }));
  }

  /**
   * Connects and goes through the handshake, twice if guacd falls silent in it. Rejects with `SessionFailure` (`guacd_failed`,
   * or the end that guacd's own status stands for) or the signal's reason.
   */
  static async open(options: OpenLegOptions): Promise<GuacdLeg> {
    const { socket, handshake } = await openGuacd(options);
    return new GuacdLeg(socket, handshake, options);
  }

  get heldBytes(): HeldBytes {
    const up = this.#socket.writableLength + this.#gathered.length;
    return { down: this.#socket.readableLength + this.#scanner.heldBytes, up };
  }

  /** Lets guacd's output flow. Until then it waits in the socket. */
  start(handlers: LegHandlers): void {
    this.#handlers = handlers;
    if (this.#socket.destroyed) {
      queueMicrotask(() => this.#end({ kind: "lost" }));
      return;
    }
    this.#socket.on("data", (chunk: Buffer) => this.#read(chunk));
    this.resume();
  }

  /**
   * Whole instructions only. False: wait for `onDrain` before more. What is not `input` waits for the pictures of this turn of
   * the event loop: it goes behind them, with one system call.
   */
  write(instructions: string, input = false): boolean {
    if (!this.#socket.writable) return true;
    if (this.#socket.writableLength > maxUntakenBytes) {
      this.#log.warn("guacd takes nothing of what it asks for");
      this.#end({ kind: "stuck" });
      return true;
    }
    const isFirst = this.#gathered === "";
    this.#gathered += instructions;
    if (input || this.#gathered.length > maxGathered) this.#flush();
    else if (isFirst) setImmediate(this.#flush);
    return !this.#socket.writableNeedDrain;
  }

  /** Stops reading; guacd is not held silent meanwhile. */
  pause(): void {
    this.#socket.pause();
    this.#timers.pauseSilence();
  }

  resume(): void {
    this.#timers.resumeSilence();
    this.#socket.resume();
  }

  /** Tells guacd to end, gives it half a second to answer, and lets go of the socket whatever it does. */
  async close(): Promise<void> {
    if (this.#closing) return this.#closing.promise;
    this.#handlers = null;
    this.#closing = Promise.withResolvers();
    this.#timers.stop();
    if (this.#socket.writable) {
      this.#gathered += "10.disconnect;";
      this.#flush();
      if (this.#socket.listenerCount("data") === 0) this.#socket.on("data", (chunk: Buffer) => this.#read(chunk));
      this.#socket.resume();
      const limit = setTimeout(() => this.destroy(), hangUpLimitMs);
      this.#socket.once("close", () => clearTimeout(limit));
    } else {
      this.destroy();
    }
    return this.#closing.promise;
  }

  /** Lets go of the socket at once. guacd ends the session when it notices, up to 15 s later. */
  destroy(): void {
    this.#handlers = null;
    this.#timers.stop();
    this.#socket.destroy();
    this.#closing?.resolve();
  }

  /** Ends it as lost, as `Started` says. */
  lose(): void {
    this.#end({ kind: "lost" });
  }

  #read(chunk: Buffer): void {
    this.#timers.heard();
    try {
      this.#scanner.push(chunk);
    } catch (error) {
      if (!(error instanceof GuacdProtocolError)) throw error;
      this.#log.warn({ err: error }, "guacd sent what is no Guacamole");
      this.#end({ kind: "lost" });
      return;
    }
    if (this.#lastWord) this.#end(this.#lastWord);
  }

  #visit(opcode: DownOpcode, data: Buffer, start: number, end: number): boolean {
    if (this.#lastWord) return false;
    const isQuiet = opcode === "blob" || opcode === "end" || opcode === "img";
    return (isQuiet && this.#dropped.isEmpty) || this.#judge(opcode, data, start, end);
  }

  /** Apart from `#visit`, because what a closure needs is allocated wherever one may be made. */
  #judge(opcode: DownOpcode, data: Buffer, start: number, end: number): boolean {
    const args = () => decodeInstruction(data, start, end).slice(1);
    if (opcode === "blob" || opcode === "end") return this.#dropped.passes(opcode, args());
    if (opcode === "error") {
      const [text = "", status] = args();
      this.#lastWord = { kind: "error", status: Number(status), text: plainTextOf(text) };
      return false;
    }
    if (opcode === "disconnect") {
      this.#lastWord = { kind: "disconnect" };
      return false;
    }
    const isDropped = opcode !== "img" && this.#handlers?.onInstruction(opcode, args) === "drop";
    if (isStreamOpener(opcode)) this.#dropped.opened(opcode, args(), isDropped);
    return !isDropped;
  }

  /** guacd seldom closes its side, so ours is closed after what is still to be written. */
  #end(end: LegEnd): void {
    const handlers = this.#handlers;
    this.#handlers = null;
    this.#timers.stop();
    hangUp(this.#socket);
    this.#closing?.resolve();
    handlers?.onEnd(end);
  }
}
