import type { DownOpcode } from "../guacd/down-opcode.ts";
import type { GuacdLeg, HeldBytes, LegEnd } from "../guacd/guacd-leg.ts";
import { encodeInstruction } from "../guacd/instruction.ts";
import type { Attachment } from "../tunnel/attachment.ts";
import { decideDown } from "../tunnel/down-policy.ts";
import type { Answers } from "./prompt-box.ts";

export interface OwnerLegHandlers {
  /** The first picture is whole, so the target has been reached; from now on others may join. */
  onDrawn(): void;
  /** guacd wants to know these; answered with `answer`. */
  onRequired(names: readonly string[]): void;
  onEnd(end: LegEnd): void;
}

/** The first picture is held back until it is whole, unless it is larger than this. */
const maxHeldBytes = 448 * 1024;
/** The highest that every guacd has; browsers number theirs from 0. */
const lastStream = 63;
/** What guacd reads at most from one blob, in bytes before base64. */
const blobBytes = 6048;

/**
 * The guacd connection that keeps a session alive. The owner's first browser reads it; when that one is gone it is read
 * empty, and whoever comes then joins. Before the first picture is whole nothing of it has been sent to anybody, so that
 * another browser can still take the first one's place: a join that early would end the session (guacd up to 1.5.3).
 */
export class OwnerLeg {
  readonly #leg: GuacdLeg;
  readonly #handlers: OwnerLegHandlers;
  readonly #copyAllowed: boolean;
  readonly #display: { readonly width: number; readonly height: number };
  #reader: Attachment | undefined;
  /** Null once it flows. */
  #held: Buffer[] | null = [];
  #heldBytes = 0;
  #hasSize = false;
  #isDrawn = false;

  /** `display` is the size that guacd was asked for. */
  constructor(
    leg: GuacdLeg,
    options: {
      copyAllowed: boolean;
      display: { readonly width: number; readonly height: number };
      handlers: OwnerLegHandlers;
    },
  ) {
    this.#leg = leg;
    this.#copyAllowed = options.copyAllowed;
    this.#display = options.display;
    this.#handlers = options.handlers;
  }

  get connectionId(): string {
    return this.#leg.connectionId;
  }

  get isDrawn(): boolean {
    return this.#isDrawn;
  }

  /** Nothing of the picture has been sent to anybody. */
  get isHeld(): boolean {
    return this.#held !== null;
  }

  /** Names of asked arguments that this guacd does not know. */
  get ignored(): readonly string[] {
    return this.#leg.ignored;
  }

  get heldBytes(): HeldBytes {
    const { down, up } = this.#leg.heldBytes;
    return { down: down + (this.#held ? this.#heldBytes : 0), up };
  }

  start(): void {
    this.#leg.start({
      onData: (run) => this.#read(run),
      onInstruction: (opcode, args) => this.#look(opcode, args),
      onDrain: () => this.#reader?.resume(),
      onEnd: (end) => this.#handlers.onEnd(end),
    });
  }

  /** Makes a browser its reader. False when part of the picture is gone already, so that the browser has to join. */
  takeReader(attachment: Attachment): boolean {
    if (this.#held === null) return false;
    this.#reader = attachment;
    return true;
  }

  dropReader(): void {
    this.#reader = undefined;
    this.#leg.resume();
  }

  /** Whole instructions; `input` at once. False: wait before more. */
  write(instructions: string, input = false): boolean {
    return this.#leg.write(instructions, input);
  }

  /** The reader takes more. */
  resume(): void {
    this.#leg.resume();
  }

  /** Gives guacd what it asked for, on streams that no browser uses. */
  answer(answers: Answers): void {
    for (const [index, [name, value]] of Object.entries(answers).entries()) {
      const stream = String(lastStream - index);
      const bytes = Buffer.from(value.reveal());
      this.write(encodeInstruction(["argv", stream, "text/plain", name]));
      for (let at = 0; at < bytes.length; at += blobBytes)
        this.write(encodeInstruction(["blob", stream, bytes.toString("base64", at, at + blobBytes)]));
      this.write(encodeInstruction(["end", stream]));
    }
  }

  #read(run: Buffer): void {
    if (this.#held) {
      this.#held.push(run);
      this.#heldBytes += run.length;
      if (this.#isDrawn || this.#heldBytes > maxHeldBytes) this.#letFlow();
    } else if (this.#reader && !this.#reader.send(run)) {
      this.#leg.pause();
    }
  }

  #letFlow(): void {
    // guacd 1.3.0 loses the size of an RDP screen in one start of six; without one a browser shows nothing.
    const { width, height } = this.#display;
    const size = this.#hasSize ? "" : encodeInstruction(["size", "0", String(width), String(height)]);
    const first = Buffer.concat([Buffer.from(size), ...(this.#held ?? [])]);
    this.#held = null;
    if (this.#reader && !this.#reader.send(first)) this.#leg.pause();
  }

  #look(opcode: DownOpcode, args: () => readonly string[]): "forward" | "drop" {
    if (opcode === "size" && args()[0] === "0") this.#hasSize = true;
    if (opcode === "sync") return this.#synced(args);
    if (opcode === "required") {
      this.#handlers.onRequired(args());
      return "drop";
    }
    const verdict = decideDown(opcode, { mode: "owner", copyAllowed: this.#copyAllowed });
    if (verdict === "refuse") this.write(refusalOf(opcode, args()));
    return verdict === "forward" ? "forward" : "drop";
  }

  /**
   * guacd 1.6.0 syncs before it has reached an RDP server; its screen has neither a size nor anything drawn on it then.
   */
  #synced(args: () => readonly string[]): "forward" | "drop" {
    const isPicture = this.#isDrawn || this.#held === null || this.#hasSize || this.#held.some(drawsOnScreen);
    if (isPicture && !this.#isDrawn) {
      this.#isDrawn = true;
      this.#handlers.onDrawn();
    }
    // Whoever draws answers; where nobody does, guacd would take the last one's delay for everybody's.
    if (!isPicture || !this.#reader) this.write(encodeInstruction(["sync", args()[0] ?? ""]));
    return isPicture ? "forward" : "drop";
  }
}

/** Whether a run puts a picture on layer 0: `img` with its stream, its mask and the layer. */
const drawsOnScreen = (run: Buffer): boolean => /3\.img,\d+\.\d+,\d+\.\d+,1\.0,/.test(run.toString("latin1"));

/** Lets guacd free the stream of something that the browser does not get. */
export const refusalOf = (opcode: DownOpcode, args: readonly string[]): string =>
  encodeInstruction(["ack", (opcode === "body" ? args[1] : args[0]) ?? "", "Not allowed.", "771"]);
