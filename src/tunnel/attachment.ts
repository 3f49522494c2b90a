import type { WebSocket } from "ws";
import type { Logger } from "../core/log.ts";
import { type Notice, noticeOpcode } from "../core/notices.ts";
import { encodeInstruction } from "../guacd/instruction.ts";
import { InstructionError, parseInstructions } from "../guacd/instruction-parser.ts";
import { webSocketCodeOf } from "../guacd/status.ts";
import { type Answer, AnswerReader } from "./answer-reader.ts";
import { PressedInput } from "./pressed-input.ts";
import { splitKey } from "./split-key.ts";
import { type AttachmentMode, UpFilter } from "./up-filter.ts";

/** A browser's open socket, as it comes out of the upgrade. */
export type BrowserSocket = WebSocket;

/** What an attachment tells its session. Nothing here ends a session: the session decides. */
export interface AttachmentHandlers {
  /** An allowed instruction for guacd, or two that it became; `input` when a person caused it. False asks to be held back until `resume()`. */
  onInstruction(instructions: string, input: boolean): boolean;
  /** The window has another size now. */
  onSize(width: number, height: number): void;
  onAnswer(answer: Answer): void;
  /** The person pressed End, or Leave. */
  onEnd(): void;
  /** The socket is gone, or was cut because it broke the rules or took nothing any more. Called once. */
  onDetached(cause: DetachCause): void;
  /** The browser has taken enough of what was sent for more to be sent. */
  onDrain(): void;
}

/** Counts the bytes of a tunnel as they pass. */
export interface Traffic {
  readonly down: { add(bytes: number): void };
  readonly up: { add(bytes: number): void };
}

export type DetachCause = "closed" | "silent" | "slow" | "behind" | "grammar" | "overrun";

// Of the 1 MiB that may be held for a browser, 128 KiB are guacd's (a chunk and an unfinished instruction), as much can
// be sent after the sender was asked to pause, and answers to all of two messages may take 350 KiB.
/** Bytes that may wait for a slow browser before the sender is asked to pause, and when it may go on. */
const highWaterBytes = 384 * 1024;
const lowWaterBytes = 128 * 1024;
/** Bytes that may wait for who looks on, whom nobody waits for. */
const behindBytes = 640 * 1024;
/** Answers to the browser itself that may wait for it before nothing more is read of it. */
const maxReplyBytes = 64 * 1024;
/** A browser that leaves so many pings unanswered is gone (half-open TCP). */
const maxUnansweredPings = 2;
/** How long the closing handshake may take before the socket is cut. */
const closeLimitMs = 1_000;
const asText = { binary: false } as const;

/**
 * One browser WebSocket on a session. Its first message down is the tunnel's own UUID; the client's pings are answered here.
 * The socket belongs to the attachment, which closes it.
 */
export class Attachment {
  readonly mode: AttachmentMode;
  readonly #socket: WebSocket;
  readonly #handlers: AttachmentHandlers;
  readonly #log: Logger;
  readonly #filter: UpFilter;
  readonly #answers = new AnswerReader();
  readonly #pressed = new PressedInput();
  readonly #keysAsUtf16: boolean;
  readonly #slowReaderSeconds: number;
  readonly #traffic: Traffic;
  readonly #pinger: NodeJS.Timeout;
  /** Why nothing is read of the browser: guacd, or the browser itself, takes no more. */
  readonly #holds = new Set<"guacd" | "replies">();
  #slowTimer: NodeJS.Timeout | undefined;
  #unansweredPings = 0;
  #replyBytes = 0;
  #paused = false;
  #detached = false;
  #asked: readonly string[] = [];

  constructor(options: {
    socket: WebSocket;
    mode: AttachmentMode;
    tunnelId: string;
    pasteAllowed: boolean;
    keysAsUtf16: boolean;
    slowReaderSeconds: number;
    pingSeconds: number;
    traffic: Traffic;
    handlers: AttachmentHandlers;
    log: Logger;
  }) {
    this.#socket = options.socket;
    this.#handlers = options.handlers;
    this.#log = options.log;
    this.mode = options.mode;
    this.#filter = new UpFilter({
      mode: options.mode,
      pasteAllowed: options.pasteAllowed,
      isAsked: (name) => this.#asked.includes(name),
    });
    this.#keysAsUtf16 = options.keysAsUtf16;
    this.#slowReaderSeconds = options.slowReaderSeconds;
    this.#traffic = options.traffic;
    this.#socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on("close", () => this.#detach("closed"));
    this.#socket.on("error", (error) => this.#log.debug({ err: error }, "browser socket failed"));
    this.#socket.on("pong", () => {
      this.#unansweredPings = 0;
    });
    this.#pinger = setInterval(() => this.#ping(), options.pingSeconds * 1000);
    this.#sendText(encodeInstruction(["", options.tunnelId]));
  }

  /** Bytes that wait for the browser. */
  get heldBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /**
   * Sends whole instructions as they came from guacd. False when the sender should pause until `onDrain`. A browser that
   * only looks on asks for no pause, since guacd serves all at the pace of the slowest: it is cut when it falls behind.
   */
  send(instructions: Buffer): boolean {
    if (this.#detached) return true;
    this.#traffic.down.add(instructions.length);
    this.#socket.send(instructions, asText, this.#afterSend);
    const { bufferedAmount } = this.#socket;
    if (this.mode === "view") {
      if (bufferedAmount > behindBytes) this.#cut("behind", "This window fell behind the session.");
      return true;
    }
    if (bufferedAmount <= highWaterBytes) return true;
    this.#paused = true;
    this.#watchSlowReader(bufferedAmount);
    return false;
  }

  notice(notice: Notice): void {
    this.#sendText(encodeInstruction([noticeOpcode, JSON.stringify(notice)]));
  }

  /** Asks the person for these; each answer comes as `onAnswer`. None takes an open question back. */
  ask(names: readonly string[]): void {
    this.#asked = names;
    if (names.length > 0) this.#sendText(encodeInstruction(["required", ...names]));
  }

  /** What lets go of every key, button and finger that this browser holds down, for guacd. */
  releaseInput(): string {
    return this.#pressed.release();
  }

  /** Lets the browser send again after `onInstruction` answered false. */
  resume(): void {
    this.#release("guacd");
  }

  /**
   * Closes the socket with a Guacamole status; a status other than 0 is told as an `error` instruction with `detail`
   * first. `onDetached` is not called for it.
   */
  close(status: number, detail: string, webSocketCode: number = webSocketCodeOf(status)): void {
    if (this.#detached) return;
    if (status !== 0) this.#sendText(encodeInstruction(["error", detail, String(status)]));
    this.#stop();
    // Clients read the number from the reason first (guacamole-common-js Tunnel), the code is for everybody else.
    this.#socket.resume();
    this.#socket.close(webSocketCode, String(status));
    const cut = setTimeout(() => this.#socket.terminate(), closeLimitMs);
    this.#socket.once("close", () => clearTimeout(cut));
  }

  #receive(data: WebSocket.RawData, isBinary: boolean): void {
    if (this.#detached) return;
    if (Buffer.isBuffer(data)) this.#traffic.up.add(data.length);
    if (isBinary) {
      this.#refuse("grammar", 768, "a binary message", 1008);
      return;
    }
    try {
      const text = String(data);
      const instructions = parseInstructions(text);
      for (const elements of instructions) {
        this.#handle(elements, instructions.length === 1 ? text : encodeInstruction(elements));
        if (this.#detached) return;
      }
    } catch (error) {
      if (!(error instanceof InstructionError)) throw error;
      const cause = error.status === 781 ? "overrun" : "grammar";
      this.#refuse(cause, error.status, error.message, cause === "grammar" ? 1008 : 1009);
    }
  }

  /** `text` is the instruction as it is written. */
  #handle(elements: readonly string[], text: string): void {
    if (elements[0] === "") {
      if (elements[1] === "ping") this.#reply(elements);
      return;
    }
    const verdict = this.#filter.decide(elements);
    if (verdict.kind === "pass") {
      const instructions = verdict.input ? this.#input(elements, text) : text;
      if (!this.#handlers.onInstruction(instructions, verdict.input)) this.#hold("guacd");
    } else if (verdict.kind === "refuse") {
      this.#reply(["ack", verdict.stream, verdict.why, "771"]);
    } else if (verdict.kind === "size") {
      this.#handlers.onSize(verdict.width, verdict.height);
    } else if (verdict.kind === "answer") {
      if (elements[0] === "argv") this.#reply(["ack", elements[1] ?? "", "OK", "0"]);
      const answer = this.#answers.read(elements);
      if (answer) this.#handlers.onAnswer(answer);
    } else if (verdict.kind === "end") {
      this.#handlers.onEnd();
    } else {
      this.#log.debug({ opcode: elements[0] }, "instruction dropped");
    }
  }

  /** Takes note of what is pressed, and gives it as guacd is sent it. */
  #input(elements: readonly string[], text: string): string {
    const sent = this.#keysAsUtf16 ? splitKey(elements) : [elements];
    for (const each of sent) this.#pressed.sent(each);
    return sent.length === 1 ? text : sent.map(encodeInstruction).join("");
  }

  #refuse(cause: DetachCause, status: number, detail: string, code: number): void {
    this.#log.info({ cause, status }, "browser refused");
    this.close(status, detail, code);
    this.#handlers.onDetached(cause);
  }

  /** Answers what the browser sent. One that sends and takes nothing is read no further. */
  #reply(elements: readonly string[]): void {
    if (this.#detached || this.#socket.readyState !== this.#socket.OPEN) return;
    const reply = Buffer.from(encodeInstruction(elements));
    this.#replyBytes += reply.length;
    this.#socket.send(reply, asText, () => {
      this.#replyBytes -= reply.length;
      if (this.#replyBytes === 0) this.#release("replies");
    });
    if (this.#replyBytes <= maxReplyBytes) return;
    this.#hold("replies");
    this.#watchSlowReader(this.#socket.bufferedAmount);
  }

  #hold(why: "guacd" | "replies"): void {
    this.#holds.add(why);
    this.#socket.pause();
  }

  #release(why: "guacd" | "replies"): void {
    if (!this.#holds.delete(why) || this.#detached) return;
    if (this.#holds.size === 0) this.#socket.resume();
    this.#unwatchSlowReader();
  }

  // Called for each picture; a method would need a new function for each.
  readonly #afterSend = (): void => {
    if (!this.#paused || this.#socket.bufferedAmount > lowWaterBytes) return;
    this.#paused = false;
    this.#unwatchSlowReader();
    if (!this.#detached) this.#handlers.onDrain();
  };

  get #isFull(): boolean {
    return this.#paused || this.#holds.has("replies");
  }

  /** Cuts a browser that takes nothing at all for the limit; one that takes little is slow, but alive. */
  #watchSlowReader(heldBytes: number): void {
    this.#slowTimer ??= setTimeout(() => {
      this.#slowTimer = undefined;
      if (this.#detached || !this.#isFull) return;
      if (this.#socket.bufferedAmount < heldBytes) return this.#watchSlowReader(this.#socket.bufferedAmount);
      this.#cut("slow", `The browser took nothing for ${this.#slowReaderSeconds} s.`);
    }, this.#slowReaderSeconds * 1000);
  }

  #unwatchSlowReader(): void {
    if (this.#isFull) return;
    clearTimeout(this.#slowTimer);
    this.#slowTimer = undefined;
  }

  #cut(cause: DetachCause, detail: string): void {
    this.close(776, detail);
    this.#handlers.onDetached(cause);
  }

  /** What a browser answers is not seen while nothing is read of it, so pings do not count then. */
  #ping(): void {
    if (this.#unansweredPings >= maxUnansweredPings) {
      this.#socket.terminate();
      this.#detach("silent");
      return;
    }
    this.#unansweredPings = this.#holds.size > 0 ? 0 : this.#unansweredPings + 1;
    this.#socket.ping();
  }

  #detach(cause: DetachCause): void {
    if (this.#detached) return;
    this.#stop();
    this.#handlers.onDetached(cause);
  }

  #stop(): void {
    this.#detached = true;
    clearInterval(this.#pinger);
    clearTimeout(this.#slowTimer);
  }

  #sendText(text: string): void {
    if (!this.#detached && this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text);
  }
}
