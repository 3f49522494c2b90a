import { Disposal } from "../core/disposal.ts";
import type { Logger } from "../core/log.ts";
import { type SessionEnd, SessionFailure } from "../core/session-end.ts";
import type { GuacdLeg, LegEnd } from "../guacd/guacd-leg.ts";
import { encodeInstruction } from "../guacd/instruction.ts";
import type { SshCredentials } from "../protocols/protocol.ts";
import { displayOf } from "./display.ts";
import { endOfLeg } from "./end-causes.ts";
import { OwnerLeg } from "./owner-leg.ts";
import type { Answers, PromptBox } from "./prompt-box.ts";
import type { Joiner, Reach, ReachTarget } from "./reach-target.ts";
import type { Opening, Seat } from "./seat.ts";
import type { Session } from "./session.ts";
import type { SessionMeter } from "./session-meter.ts";
import type { StepReporter } from "./step-reporter.ts";

export interface TargetSideDeps {
  readonly session: Session;
  readonly reachTarget: ReachTarget;
  readonly meter: Pick<SessionMeter, "stalled" | "startedAgain">;
  /** What to ask for when a sign-in behind guacd was refused; none where the way to the target asks by itself. */
  readonly signInNames: readonly string[];
  readonly firstSyncTimeoutSeconds: number;
  readonly prompts: PromptBox;
  readonly steps: StepReporter;
  readonly disposal: Disposal;
  readonly log: Logger;
}

export interface TargetSideHandlers {
  /** A connection to guacd is open and its first picture is waited for; false when the wait is off again. */
  onAwaitPicture(isAwaited: boolean): void;
  /** Whoever reads the picture may be seated now. */
  onReadable(): void;
  /** The target is reached and its first picture is whole. */
  onDrawn(): void;
  onEnd(end: SessionEnd): void;
}

/** How long guacd's last picture may take once the target has closed by itself; guacd 1.3.0 often tells no end at all. */
const lastPictureMs = 250;

/**
 * From a session to its target: what is on the way, guacd, and the owner leg. All of it is on the disposal of that way, and so
 * on the session's. A guacd that is lost before anybody has seen of its picture is one fault that a second way mends.
 */
export class TargetSide {
  readonly #deps: TargetSideDeps;
  readonly #handlers: TargetSideHandlers;
  /** What the latest way to the target holds open. */
  #way: Disposal | undefined;
  #isSecondWay = false;
  #reach: Reach | undefined;
  #ownerLeg: OwnerLeg | undefined;
  /** What the person was asked for, over what the session was made with. */
  #answers: Answers = {};
  /** Settles when nobody is asked for what guacd wants to know. */
  #asking: Promise<unknown> | undefined;
  #proven: SshCredentials | undefined;
  #wantedSize: { width: number; height: number } | undefined;
  /** How the target ended by itself, while guacd still sends its last picture. */
  #targetEnd: SessionEnd | undefined;

  constructor(deps: TargetSideDeps, handlers: TargetSideHandlers) {
    this.#deps = deps;
    this.#handlers = handlers;
  }

  get isDrawn(): boolean {
    return this.#ownerLeg?.isDrawn ?? false;
  }

  /** Names of asked arguments that this guacd does not know. */
  get ignored(): readonly string[] {
    return this.#ownerLeg?.ignored ?? [];
  }

  /** A target that stays silent is no fault of guacd's, though guacd is what shows nothing. */
  explain(end: SessionEnd): SessionEnd {
    return end.reason === "guacd_failed" ? (this.#cause() ?? end) : end;
  }

  /** Goes to the target as the owner's first browser asks. */
  async connect(opening: Opening): Promise<void> {
    await this.#orEnd(() => this.#go(opening));
  }

  /**
   * Gives the owner's browser the picture: the owner leg's own while nobody has seen of it, else by joining. One that comes
   * while a first picture is on its way to nobody is seated when it is whole.
   */
  seatOwner(seat: Seat, name: string): void {
    if (!this.#ownerLeg || seat.isReading(this.#ownerLeg) || seat.read(this.#ownerLeg) || !this.isDrawn) return;
    this.join(seat, name, false);
  }

  join(seat: Seat, name: string, viewOnly: boolean): void {
    const connectionId = this.#ownerLeg?.connectionId ?? "";
    void seat.join((signal) => {
      const joiner: Joiner = { connectionId, data: seat.data, name, viewOnly, signal };
      return this.#reach?.join(joiner) ?? Promise.reject(new Error("there is nothing to join"));
    });
  }

  /** The owner's window has this size; the session's is the same, unless it was made with one of its own. */
  resize(width: number, height: number): void {
    this.#wantedSize = displayOf(this.#deps.session, { width, height, dpi: 0 });
    if (this.isDrawn) this.#tellSize();
  }

  #tellSize(): void {
    if (!this.#wantedSize) return;
    const { width, height } = this.#wantedSize;
    this.#ownerLeg?.write(encodeInstruction(["size", String(width), String(height)]));
  }

  async #go(opening: Opening): Promise<void> {
    const { session, reachTarget, disposal, prompts, steps, log } = this.#deps;
    const way = new Disposal(log);
    disposal.add("way", () => way.dispose());
    this.#way = way;
    this.#reach = await reachTarget({
      session,
      data: opening.data,
      actor: opening.actor,
      disposal: way,
      prompts,
      proven: this.#proven,
      onProven: (credentials) => {
        this.#proven = credentials;
      },
      onStep: (step) => steps.begin(step),
      onTargetEnd: (end) => this.#targetEnded(end, way),
    });
    await this.#open(this.#reach, opening);
  }

  /** Lets go of the whole way and goes it again, because an SSH relay serves one visit of guacd's. */
  async #goAgain(opening: Opening): Promise<void> {
    const { disposal, meter, log } = this.#deps;
    this.#isSecondWay = true;
    meter.startedAgain();
    log.warn("guacd lost before the first picture, session started again");
    this.#handlers.onAwaitPicture(false);
    await this.#way?.dispose();
    // What is being asked is known to the next guacd then.
    await this.#asking;
    disposal.signal.throwIfAborted();
    await this.#go(opening);
  }

  /** Opens the session at guacd, with what is known now to sign in with. */
  async #open(reach: Reach, opening: Opening): Promise<void> {
    const leg: GuacdLeg = await reach.open(this.#answers);
    const ownerLeg = new OwnerLeg(leg, {
      copyAllowed: this.#deps.session.settings.disable_copy !== true,
      display: displayOf(this.#deps.session, opening.data),
      handlers: {
        onDrawn: () => {
          this.#proven = undefined;
          this.#deps.steps.finish();
          this.#tellSize();
          this.#handlers.onDrawn();
        },
        onRequired: (names) => void this.#orEnd(async () => ownerLeg.answer(await this.#ask(names))),
        onEnd: (end) => this.#legEnded(end, opening),
      },
    });
    this.#ownerLeg = ownerLeg;
    this.#deps.steps.begin({ step: "picture", limitSeconds: this.#deps.firstSyncTimeoutSeconds });
    this.#handlers.onAwaitPicture(true);
    this.#handlers.onReadable();
    ownerLeg.start();
  }

  async #ask(names: readonly string[]): Promise<Answers> {
    const asking = this.#deps.prompts.ask(names);
    this.#asking = asking;
    const answers = await asking;
    this.#answers = { ...this.#answers, ...answers };
    return answers;
  }

  /** The sign-in was refused behind guacd: another one needs a new connection to guacd. */
  async #signInAgain(end: SessionEnd, opening: Opening): Promise<void> {
    const { prompts, signInNames } = this.#deps;
    this.#handlers.onAwaitPicture(false);
    const refusal = new SessionFailure(end.reason, end.detail ?? "The target refused the sign-in.", end);
    this.#answers = { ...this.#answers, ...(await prompts.askAgain(signInNames, refusal)) };
    if (this.#reach) await this.#open(this.#reach, opening);
  }

  /** Runs a part of connecting; when it fails, the session ends as the failure says. */
  async #orEnd(part: () => Promise<void>): Promise<void> {
    const { disposal, log } = this.#deps;
    try {
      await part();
    } catch (error) {
      if (disposal.signal.aborted) return;
      if (!(error instanceof SessionFailure)) log.error({ err: error }, "connecting failed");
      else log.info({ endReason: error.end.reason, err: error.cause }, "connecting failed");
      this.#handlers.onEnd(error instanceof SessionFailure ? error.end : { reason: "error", detail: null });
    }
  }

  /** The target closed by itself; what it printed last may still be on its way through guacd. */
  #targetEnded(end: SessionEnd, way: Disposal): void {
    if (way.signal.aborted) return;
    this.#targetEnd = end;
    const limit = setTimeout(() => this.#handlers.onEnd(end), lastPictureMs);
    way.add("last picture", () => clearTimeout(limit));
  }

  #legEnded(legEnd: LegEnd, opening: Opening): void {
    const isStalled = legEnd.kind === "silent" || legEnd.kind === "stuck";
    if (isStalled) this.#deps.meter.stalled();
    if (isStalled || legEnd.kind === "lost") this.#reach?.suspectGuacd();
    const seen = this.#targetEnd ?? this.#cause();
    const isUnseen = !this.isDrawn && this.#ownerLeg?.isHeld === true;
    if (legEnd.kind === "lost" && !seen && isUnseen && !this.#isSecondWay) {
      void this.#orEnd(() => this.#goAgain(opening));
      return;
    }
    const end = seen ?? endOfLeg(legEnd);
    const mayAskAgain = end.reason === "auth_failed" && !this.isDrawn && this.#deps.signInNames.length > 0;
    if (mayAskAgain) void this.#orEnd(() => this.#signInAgain(end, opening));
    else this.#handlers.onEnd(this.#inWords(end));
  }

  /** What was seen of the target itself and explains an end; with a picture there, its sign-in was right. */
  #cause(): SessionEnd | undefined {
    const end = this.#reach?.cause()?.end;
    return this.isDrawn && end?.reason === "auth_failed" ? undefined : end;
  }

  /** guacd often says nothing of a target that went away in the middle. */
  #inWords(end: SessionEnd): SessionEnd {
    const isLost = this.isDrawn && end.reason === "target_unreachable" && end.detail === null;
    return isLost
      ? {
          ...end,
          detail: `The connection to ${this.#deps.session.hostname} was lost: it went away, or the network in between failed.`,
        }
      : end;
  }
}
