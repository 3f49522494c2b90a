import { newId } from "../core/ids.ts";
import type { Logger } from "../core/log.ts";
import type { Actor } from "../core/principal.ts";
import type { GuacdLeg, HeldBytes } from "../guacd/guacd-leg.ts";
import type { Answer } from "../tunnel/answer-reader.ts";
import { Attachment, type BrowserSocket, type DetachCause, type Traffic } from "../tunnel/attachment.ts";
import { decideDown } from "../tunnel/down-policy.ts";
import type { AttachmentMode } from "../tunnel/up-filter.ts";
import type { ConnectData } from "./display.ts";
import { type OwnerLeg, refusalOf } from "./owner-leg.ts";

/** A browser that asks to be attached. */
export interface Opening {
  readonly socket: BrowserSocket;
  readonly data: ConnectData;
  readonly actor: Actor;
  readonly mode: AttachmentMode;
}

export interface SeatHandlers {
  onInput(): void;
  onSize(width: number, height: number): void;
  onAnswer(answer: Answer): void;
  /** The person pressed End, or Leave. */
  onEnd(): void;
  /** The browser is gone, or was sent away to come again; the seat is still to be left. */
  onDetached(cause: DetachCause): void;
}

export interface SeatPolicy {
  readonly copyAllowed: boolean;
  readonly pasteAllowed: boolean;
  readonly keysAsUtf16: boolean;
  readonly slowReaderSeconds: number;
  readonly pingSeconds: number;
  readonly traffic: Traffic;
}

/** When a connection that has joined ends, the session's own end is most likely on its way. */
const sessionEndMs = 500;
/** guacd 1.3.0 hangs up on about one join in a hundred after `ready`, before it has sent anything; the next one works. */
const joinTries = 3;

/** One attached browser and the guacd connection that it reads: the owner leg itself, or one that has joined it. */
export class Seat {
  readonly attachment: Attachment;
  readonly data: ConnectData;
  readonly actor: Actor;
  readonly #handlers: SeatHandlers;
  readonly #copyAllowed: boolean;
  readonly #log: Logger;
  readonly #gone = new AbortController();
  #lost: NodeJS.Timeout | undefined;
  #ownerLeg: OwnerLeg | undefined;
  #joined: GuacdLeg | undefined;

  constructor({ socket, data, actor, mode }: Opening, policy: SeatPolicy, handlers: SeatHandlers, log: Logger) {
    this.data = data;
    this.actor = actor;
    this.#handlers = handlers;
    this.#log = log;
    this.#copyAllowed = policy.copyAllowed;
    this.attachment = new Attachment({
      ...policy,
      socket,
      mode,
      tunnelId: newId(),
      log,
      handlers: {
        onInstruction: (instructions, input) => {
          if (input) handlers.onInput();
          return this.#write(instructions, input);
        },
        onSize: (width, height) => handlers.onSize(width, height),
        onAnswer: (answer) => handlers.onAnswer(answer),
        onEnd: () => handlers.onEnd(),
        onDetached: (cause) => handlers.onDetached(cause),
        onDrain: () => (this.#joined ?? this.#ownerLeg)?.resume(),
      },
    });
  }

  /** For this browser, from guacd's socket to its own. */
  get heldBytes(): HeldBytes {
    const { down, up } = (this.#joined ?? this.#ownerLeg)?.heldBytes ?? { down: 0, up: 0 };
    return { down: down + this.attachment.heldBytes, up };
  }

  /** Whether it has the picture of the session that this owner leg keeps alive. */
  isReading(ownerLeg: OwnerLeg): boolean {
    return this.#joined !== undefined || this.#ownerLeg === ownerLeg;
  }

  /** Reads the owner leg itself, as the first browser does; false when it is too late for that. */
  read(ownerLeg: OwnerLeg): boolean {
    if (!ownerLeg.takeReader(this.attachment)) return false;
    // What it was held back by is the connection before, if that one is lost.
    this.attachment.resume();
    this.#ownerLeg = ownerLeg;
    return true;
  }

  /**
   * Reads a connection that `open` joins to the session's, a new one when guacd hangs up before the first has brought
   * anything. When it fails or ends, the browser is sent away to come again.
   */
  async join(open: (signal: AbortSignal) => Promise<GuacdLeg>, triesLeft: number = joinTries): Promise<void> {
    const { signal } = this.#gone;
    const onUnused = () => (triesLeft > 1 ? void this.join(open, triesLeft - 1) : this.#legLost());
    try {
      const leg = await open(signal);
      if (signal.aborted) await leg.close();
      else this.#readJoined(leg, onUnused);
    } catch (error) {
      if (signal.aborted) return;
      this.#log.warn({ err: error }, "browser not joined");
      this.#legLost();
    }
  }

  /** Lets go of the guacd side, with nothing left pressed. The browser's socket is the caller's to close. */
  leave(): void {
    if (this.#gone.signal.aborted) return;
    this.#gone.abort(new Error("the browser is gone"));
    clearTimeout(this.#lost);
    const release = this.attachment.releaseInput();
    if (release !== "") this.#write(release);
    this.#ownerLeg?.dropReader();
    this.#ownerLeg = undefined;
    void this.#joined?.close();
    this.#joined = undefined;
  }

  /** Closes the browser's socket with a Guacamole status, and leaves. */
  close(status: number, detail: string, webSocketCode?: number): void {
    this.attachment.close(status, detail, webSocketCode);
    this.leave();
  }

  #readJoined(leg: GuacdLeg, onUnused: () => void): void {
    this.#joined = leg;
    let isUsed = false;
    leg.start({
      onData: (run) => {
        isUsed = true;
        if (!this.attachment.send(run)) leg.pause();
      },
      onInstruction: (opcode, args) => {
        const verdict = decideDown(opcode, { mode: this.attachment.mode, copyAllowed: this.#copyAllowed });
        if (verdict === "refuse") leg.write(refusalOf(opcode, args()));
        return verdict === "forward" ? "forward" : "drop";
      },
      onDrain: () => this.attachment.resume(),
      onEnd: ({ kind }) => {
        this.#joined = undefined;
        if (kind === "lost" && !isUsed) onUnused();
        else this.#legLost();
      },
    });
  }

  #legLost(): void {
    this.#lost = setTimeout(() => {
      this.attachment.close(514, "The session host did not answer any more.");
      this.#handlers.onDetached("closed");
    }, sessionEndMs);
  }

  /** Before there is a connection, what a browser sends has nowhere to go. */
  #write(instructions: string, input = false): boolean {
    return (this.#joined ?? this.#ownerLeg)?.write(instructions, input) ?? true;
  }
}
