import { Disposal } from "../core/disposal.ts";
import { newId } from "../core/ids.ts";
import type { Logger } from "../core/log.ts";
import { type Actor, systemPrincipal } from "../core/principal.ts";
import { type SessionEnd, SessionFailure } from "../core/session-end.ts";
import type { GuacdLeg, LegEnd } from "../guacd/guacd-leg.ts";
import { encodeInstruction } from "../guacd/instruction.ts";
import type { SessionProtocol } from "../protocols/protocol.ts";
import { Attachment, type BrowserSocket, type DetachCause } from "../tunnel/attachment.ts";
import { decideDown } from "../tunnel/down-policy.ts";
import type { ConnectLeg } from "./connect-leg.ts";
import type { ConnectData } from "./display.ts";
import { endOfDetach, endOfLeg } from "./end-causes.ts";
import { endStatus } from "./end-status.ts";
import { LifeTimers } from "./life-timers.ts";
import type { Session } from "./session.ts";
import type { SessionStore } from "./session-store.ts";
import { StepReporter } from "./step-reporter.ts";

export interface LiveSessionLimits {
  readonly firstSyncTimeoutSeconds: number;
  readonly maxDurationSeconds: number;
  readonly idleTimeoutSeconds: number;
  readonly slowReaderSeconds: number;
}

export interface LiveSessionDeps {
  readonly store: SessionStore;
  readonly connectLeg: ConnectLeg;
  readonly protocol: (id: string) => SessionProtocol | undefined;
  readonly limits: LiveSessionLimits;
  readonly clock: { nowMs(): number };
  readonly log: Logger;
  /** Called when everything the session held is let go. */
  readonly onGone: () => void;
}

/** How long guacd's last picture may take once the target has closed by itself; guacd 1.3.0 often tells no end at all. */
const lastPictureMs = 250;

/**
 * The running half of a session. It owns what the session holds open (one disposal), the guacd owner leg and the owner's
 * attachment, and it alone decides when the session ends.
 */
export class LiveSession {
  readonly #session: Session;
  readonly #deps: LiveSessionDeps;
  readonly #log: Logger;
  readonly #disposal: Disposal;
  readonly #timers: LifeTimers;
  #attachment: Attachment | undefined;
  #leg: GuacdLeg | undefined;
  #drawn = false;
  #ended: Promise<void> | undefined;
  /** How the target ended by itself, while guacd still sends its last picture. */
  #targetEnd: SessionEnd | undefined;

  constructor(session: Session, deps: LiveSessionDeps) {
    this.#session = session;
    this.#deps = deps;
    this.#log = deps.log.child({ sessionId: session.id });
    this.#disposal = new Disposal(this.#log);
    this.#timers = new LifeTimers(deps.limits, (end) => this.end(end));
    this.#disposal.add("timers", () => this.#timers.stop());
  }

  get attachmentCount(): number {
    return this.#attachment ? 1 : 0;
  }

  /** Takes the owner's first browser and begins to connect. */
  attach({ socket, data, actor }: { socket: BrowserSocket; data: ConnectData; actor: Actor }): void {
    const attachment = new Attachment({
      socket,
      tunnelId: newId(),
      pasteAllowed: this.#session.settings.disable_paste !== true,
      keysAsUtf16: this.#deps.protocol(this.#session.protocol)?.keysAsUtf16 ?? false,
      slowReaderSeconds: this.#deps.limits.slowReaderSeconds,
      log: this.#log,
      handlers: {
        onInstruction: (instructions, input) => {
          if (input) this.#timers.heardPerson();
          return this.#leg?.write(instructions) ?? true;
        },
        onEnd: () => void this.end({ reason: "closed", detail: null, status: 0 }, actor),
        onDetached: (cause) => this.#detached(cause),
        onDrain: () => this.#leg?.resume(),
      },
    });
    this.#attachment = attachment;
    void this.#connect(attachment, data, actor);
  }

  /**
   * Ends the session once: tells and cuts the browser, then guacd, relay and target, and writes the row. Resolves when all
   * of it is done; later calls give the same promise.
   */
  end(end: SessionEnd, actor: Actor = systemActor): Promise<void> {
    this.#ended ??= this.#endOnce(end, actor);
    return this.#ended;
  }

  async #endOnce(end: SessionEnd, actor: Actor): Promise<void> {
    const { status, webSocketCode } = endStatus(end);
    this.#attachment?.notice({ kind: "ended", end_reason: end.reason, end_detail: end.detail });
    this.#attachment?.close(status, end.detail ?? end.reason, webSocketCode);
    this.#attachment = undefined;
    const released = this.#disposal.dispose();
    try {
      await this.#deps.store.end(this.#session.id, end, actor, this.#deps.clock.nowMs());
    } catch (error) {
      this.#log.error({ err: error, endReason: end.reason }, "session end not written");
    }
    await released;
    this.#log.info({ endReason: end.reason }, "session ended");
    this.#deps.onGone();
  }

  async #connect(attachment: Attachment, data: ConnectData, actor: Actor): Promise<void> {
    const steps = new StepReporter(attachment);
    try {
      const leg = await this.#deps.connectLeg({
        session: this.#session,
        data,
        actor,
        disposal: this.#disposal,
        onStep: (step, limitSeconds) => steps.begin(step, limitSeconds),
        onTargetEnd: (end) => this.#targetEnded(end),
      });
      this.#leg = leg;
      steps.begin("picture", this.#deps.limits.firstSyncTimeoutSeconds);
      this.#timers.awaitPicture();
      leg.start({
        onData: (instructions) => {
          if (!attachment.send(instructions)) leg.pause();
        },
        onInstruction: (opcode, args) => this.#handleDown(leg, opcode, args, steps),
        onDrain: () => attachment.resume(),
        onEnd: (end) => this.#legEnded(end),
      });
    } catch (error) {
      if (this.#ended) return;
      if (!(error instanceof SessionFailure)) this.#log.error({ err: error }, "connecting failed");
      else this.#log.info({ endReason: error.end.reason, err: error.cause }, "connecting failed");
      void this.end(error instanceof SessionFailure ? error.end : { reason: "error", detail: null });
    }
  }

  #handleDown(leg: GuacdLeg, opcode: string, args: readonly string[], steps: StepReporter): "forward" | "drop" {
    if (opcode === "sync" && !this.#drawn) {
      this.#drawn = true;
      steps.finish();
      void this.#activate(leg);
    }
    const verdict = decideDown(opcode, { copyAllowed: this.#session.settings.disable_copy !== true });
    if (verdict === "refuse") {
      const stream = (opcode === "body" ? args[1] : args[0]) ?? "";
      leg.write(encodeInstruction(["ack", stream, "Not allowed.", "771"]));
    }
    return verdict === "forward" ? "forward" : "drop";
  }

  async #activate(leg: GuacdLeg): Promise<void> {
    const warnings = leg.ignored.map(
      (name) => `${name.replaceAll("-", "_")} has no effect: this guacd does not know it.`,
    );
    try {
      const { store, clock } = this.#deps;
      const active = await store.activate(this.#session.id, warnings, systemActor, clock.nowMs());
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
      void this.end({ reason: "error", detail: null });
    }
  }

  #detached(cause: DetachCause): void {
    this.#attachment = undefined;
    this.#log.info({ cause }, "browser detached");
    void this.end(endOfDetach(cause));
  }

  /** The target closed by itself; what it printed last may still be on its way through guacd. */
  #targetEnded(end: SessionEnd): void {
    this.#targetEnd = end;
    const limit = setTimeout(() => void this.end(end), lastPictureMs);
    this.#disposal.add("last picture", () => clearTimeout(limit));
  }

  #legEnded(end: LegEnd): void {
    void this.end(this.#targetEnd ?? endOfLeg(end));
  }
}

const systemActor: Actor = { principal: systemPrincipal("gateway") };
