import { Disposal } from "../core/disposal.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import type { Notice } from "../core/notices.ts";
import { type Actor, gatewayActor, ownerLabel } from "../core/principal.ts";
import type { SessionEnd } from "../core/session-end.ts";
import type { HeldBytes } from "../guacd/guacd-leg.ts";
import type { SessionProtocol } from "../protocols/protocol.ts";
import type { Attachment, DetachCause } from "../tunnel/attachment.ts";
import { detachSentences } from "./end-causes.ts";
import { endStatus } from "./end-status.ts";
import { type LifeLimits, LifeTimers } from "./life-timers.ts";
import { optionWarnings } from "./option-warnings.ts";
import { PromptBox } from "./prompt-box.ts";
import type { ReachTarget } from "./reach-target.ts";
import { type Opening, Seat, type SeatPolicy } from "./seat.ts";
import type { Session } from "./session.ts";
import type { SessionMeter } from "./session-meter.ts";
import type { SessionStore } from "./session-store.ts";
import { StepReporter } from "./step-reporter.ts";
import { Stopwatch } from "./stopwatch.ts";
import { TargetSide } from "./target-side.ts";
import { Watchers } from "./watchers.ts";

export interface LiveSessionLimits extends LifeLimits {
  /** 0 = no limit. */
  readonly promptTimeoutSeconds: number;
  readonly slowReaderSeconds: number;
  readonly pingSeconds: number;
}

export interface LiveSessionDeps {
  readonly store: SessionStore;
  readonly reachTarget: ReachTarget;
  readonly protocol: (id: string) => SessionProtocol | undefined;
  readonly limits: LiveSessionLimits;
  readonly meter: SessionMeter;
  readonly clock: { nowMs(): number };
  readonly log: Logger;
  /** Called when a browser has come or gone. */
  readonly onAttachments: () => void;
  /** Called when everything the session held is let go and its end is written. */
  readonly onGone: () => void;
}

/**
 * The running half of a session. It owns what the session holds open (one disposal), its target side and the attached
 * browsers, and it alone decides when the session ends. It outlives its browsers: the owner may lose one and come back.
 */
export class LiveSession {
  readonly #session: Session;
  readonly #deps: LiveSessionDeps;
  readonly #log: Logger;
  readonly #disposal: Disposal;
  readonly #timers: LifeTimers;
  readonly #prompts: PromptBox;
  readonly #steps: StepReporter;
  readonly #target: TargetSide;
  readonly #watchers: Watchers;
  readonly #policy: SeatPolicy;
  /** Runs from the owner's first browser on, which the running half is made for. */
  readonly #connecting = new Stopwatch();
  #owner: Seat | undefined;
  #hasBegun = false;
  #ended: Promise<void> | undefined;
  /** The end, while the database has not taken it. */
  #unwritten: (() => Promise<unknown>) | undefined;

  constructor(session: Session, deps: LiveSessionDeps) {
    const { limits } = deps;
    const protocol = deps.protocol(session.protocol);
    this.#session = session;
    this.#deps = deps;
    this.#log = deps.log.child({ sessionId: session.id });
    this.#disposal = new Disposal(this.#log);
    this.#policy = {
      copyAllowed: session.settings.disable_copy !== true,
      pasteAllowed: session.settings.disable_paste !== true,
      keysAsUtf16: protocol?.keysAsUtf16 ?? false,
      slowReaderSeconds: limits.slowReaderSeconds,
      pingSeconds: limits.pingSeconds,
      traffic: deps.meter.traffic(session.protocol),
    };
    const tell = (notice: Notice) => this.#owner?.attachment.notice(notice);
    this.#timers = new LifeTimers(limits, { end: (end) => void this.end(this.#target.explain(end)), tell });
    this.#disposal.add("timers", () => this.#timers.stop());
    this.#prompts = new PromptBox({
      timeoutSeconds: limits.promptTimeoutSeconds,
      signal: this.#disposal.signal,
      onOpen: () => {
        this.#timers.pause();
        this.#connecting.pause();
      },
      onShut: () => {
        this.#timers.resume();
        this.#connecting.resume();
      },
    });
    this.#steps = new StepReporter(tell);
    this.#watchers = new Watchers({ policy: this.#policy, tell, log: this.#log });
    this.#target = new TargetSide(
      {
        session,
        reachTarget: deps.reachTarget,
        meter: deps.meter,
        signInNames: protocol?.signInNames ?? [],
        firstSyncTimeoutSeconds: limits.firstSyncTimeoutSeconds,
        prompts: this.#prompts,
        steps: this.#steps,
        disposal: this.#disposal,
        log: this.#log,
      },
      {
        onAwaitPicture: (isAwaited) => this.#timers.awaitPicture(isAwaited),
        onReadable: () => this.#seatOwner(),
        onDrawn: () => void this.#activate(),
        onEnd: (end) => void this.end(end),
      },
    );
  }

  get attachmentCount(): number {
    return (this.#owner ? 1 : 0) + this.#watchers.count;
  }

  /** For each browser. */
  get heldBytes(): HeldBytes[] {
    return [...(this.#owner ? [this.#owner.heldBytes] : []), ...this.#watchers.heldBytes];
  }

  /** Takes a browser: the owner's first begins to connect, a later one takes over, and an admin's looks on. */
  attach(opening: Opening): void {
    if (this.#ended) opening.socket.close(1002, "523");
    else if (opening.mode === "owner") this.#attachOwner(opening);
    else this.#attachWatcher(opening);
  }

  /**
   * Ends the session once: tells and cuts the browsers, then guacd, relay and target, and writes the row. Resolves when all
   * of it is done; later calls give the same promise. An end that cannot be written waits for `writeEnd`.
   */
  end(end: SessionEnd, actor: Actor = gatewayActor): Promise<void> {
    this.#ended ??= this.#endOnce(end, actor);
    return this.#ended;
  }

  async #endOnce(end: SessionEnd, actor: Actor): Promise<void> {
    const { status, webSocketCode } = endStatus(end);
    const close = (attachment: Attachment) => {
      attachment.notice({ kind: "ended", end_reason: end.reason, end_detail: end.detail });
      attachment.close(status, end.detail ?? end.reason, webSocketCode);
    };
    if (this.#owner) close(this.#owner.attachment);
    this.#owner?.leave();
    this.#owner = undefined;
    this.#watchers.closeAll(close);
    const released = this.#disposal.dispose();
    const endedAtMs = this.#deps.clock.nowMs();
    this.#unwritten = () => this.#deps.store.end(this.#session.id, end, actor, endedAtMs);
    await this.writeEnd();
    await released;
    this.#log.info({ endReason: end.reason }, "session ended");
  }

  /** Writes the end of a session that has ended, unless it is written. Never rejects. */
  async writeEnd(): Promise<void> {
    if (!this.#unwritten) return;
    try {
      await this.#unwritten();
      this.#unwritten = undefined;
    } catch (error) {
      this.#log.error({ err: error }, "session end not written");
      return;
    }
    await this.#disposal.dispose();
    this.#deps.onGone();
  }

  #attachOwner(opening: Opening): void {
    const before = this.#owner;
    const seat: Seat = new Seat(
      opening,
      this.#policy,
      {
        onInput: () => this.#timers.heardPerson(),
        onSize: (width, height) => this.#target.resize(width, height),
        onAnswer: (answer) => this.#prompts.answer(answer),
        onEnd: () => void this.end({ reason: "closed", detail: null, status: 0 }, opening.actor),
        onDetached: (cause) => this.#ownerLeft(seat, cause),
      },
      this.#log,
    );
    this.#owner = seat;
    if (before) {
      before.attachment.notice({ kind: "taken_over" });
      before.attachment.close(521, "This session was opened elsewhere.");
      before.leave();
      this.#log.info("session taken over");
    }
    this.#deps.onAttachments();
    this.#timers.returned();
    if (this.#target.isDrawn) this.#tellWarnings();
    else this.#steps.repeat();
    // Behind the steps, from which the page knows who asks.
    this.#prompts.attach(seat.attachment);
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      void this.#target.connect(opening);
      return;
    }
    this.#timers.repeatWarnings();
    this.#watchers.tellAll();
    this.#target.resize(opening.data.width, opening.data.height);
    this.#seatOwner();
  }

  #seatOwner(): void {
    if (this.#owner) this.#target.seatOwner(this.#owner, nameOf(this.#owner.actor));
  }

  #attachWatcher(opening: Opening): void {
    if (!this.#target.isDrawn) {
      // It was active when this was decided, so it is just ending.
      opening.socket.close(1002, "523");
      return;
    }
    const seat = this.#watchers.add(opening, () => {
      this.#deps.onAttachments();
      this.#recordWatch("session.unwatch", opening.actor);
    });
    this.#deps.onAttachments();
    this.#recordWatch("session.watch", opening.actor);
    this.#target.join(seat, nameOf(opening.actor), true);
  }

  #recordWatch(action: "session.watch" | "session.unwatch", actor: Actor): void {
    const { store, clock } = this.#deps;
    store.recordWatch(this.#session.id, action, actor, clock.nowMs()).catch((error) => {
      this.#log.error({ err: error }, "watching not written");
      // What cannot be written down must not go on.
      this.#watchers.closeAll((attachment) => attachment.close(512, "Watching could not be recorded."));
    });
  }

  get #warnings(): string[] {
    return optionWarnings(this.#target.ignored);
  }

  #tellWarnings(): void {
    for (const text of this.#warnings) this.#owner?.attachment.notice({ kind: "warning", text });
  }

  async #activate(): Promise<void> {
    this.#deps.meter.drawn(this.#session.protocol, this.#connecting.seconds);
    queueMicrotask(() => this.#seatOwner());
    this.#tellWarnings();
    try {
      const { store, clock } = this.#deps;
      const active = await store.activate(this.#session.id, this.#warnings, gatewayActor, clock.nowMs());
      if (!active) {
        // It was ended between the decision to attach and now.
        void this.end({ reason: "closed", detail: null });
        return;
      }
      if (this.#ended) return;
      this.#timers.started();
      this.#log.info({ protocol: this.#session.protocol }, "session started");
    } catch (error) {
      this.#log.error({ err: error }, "session start not written");
      const detail = error instanceof AppError && error.code === "database_unavailable" ? error.detail : null;
      void this.end({ reason: "error", detail });
    }
  }

  #ownerLeft(seat: Seat, cause: DetachCause): void {
    seat.leave();
    if (seat !== this.#owner || this.#ended) return;
    this.#owner = undefined;
    this.#deps.onAttachments();
    this.#prompts.attach(undefined);
    this.#log.info({ cause }, "browser detached");
    this.#timers.left(detachSentences[cause]);
  }
}

const nameOf = (actor: Actor): string => ownerLabel(actor.principal);
