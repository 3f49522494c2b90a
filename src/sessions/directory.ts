import type { Actor } from "../core/principal.ts";
import type { SessionEnd } from "../core/session-end.ts";
import type { HeldBytes } from "../guacd/guacd-leg.ts";
import type { Bus } from "./bus.ts";
import { LiveSession, type LiveSessionDeps } from "./live-session.ts";
import type { Opening } from "./seat.ts";
import type { Session, SessionOwner } from "./session.ts";

/**
 * Finds the running half of a session, wherever it runs. Attaching, ending and counting go through here, so that many
 * nodes can take the place of one.
 */
export interface SessionDirectory {
  /** Hands a browser's socket to the session's running half, which it makes for the owner when there is none. */
  attach(session: Session, opening: Opening): void;
  /** Ends a session, running or only waiting. Resolves when nothing of it is left. */
  end(id: string, end: SessionEnd, actor: Actor): Promise<void>;
  /** Ends all live sessions of an owner. Resolves when nothing of them is left. */
  endAllOf(owner: SessionOwner, end: SessionEnd, actor: Actor): Promise<void>;
  attachmentCount(id: string): number;
  /** Whether it has a running half, with or without a browser. */
  isRunning(id: string): boolean;
  /** Writes the ends that the database could not take when they came. Never rejects. */
  writeEnds(): Promise<void>;
}

type DirectoryDeps = Omit<LiveSessionDeps, "onAttachments" | "onGone">;

/** The directory of a gateway that stands alone: all sessions run in this process. */
export class LocalDirectory implements SessionDirectory {
  readonly #live = new Map<string, LiveSession>();
  readonly #depsFor: () => DirectoryDeps;
  readonly #bus: Bus;

  /** `depsFor` is asked once for each session, so that changed limits hold for new ones. */
  constructor(depsFor: () => DirectoryDeps, bus: Bus) {
    this.#depsFor = depsFor;
    this.#bus = bus;
  }

  attach(session: Session, opening: Opening): void {
    // A watcher's session was active when this was decided; without a running half it has just ended.
    if (opening.mode === "view" && !this.#live.has(session.id)) opening.socket.close(1002, "523");
    else this.#liveHalf(session).attach(opening);
  }

  async end(id: string, end: SessionEnd, actor: Actor): Promise<void> {
    const live = this.#live.get(id);
    if (live) await live.end(end, actor);
    else {
      const { store, clock } = this.#depsFor();
      await store.end(id, end, actor, clock.nowMs());
    }
  }

  async endAllOf(owner: SessionOwner, end: SessionEnd, actor: Actor): Promise<void> {
    const sessions = await this.#depsFor().store.listLiveOf(owner);
    await Promise.all(sessions.map(({ id }) => this.end(id, end, actor)));
  }

  attachmentCount(id: string): number {
    return this.#live.get(id)?.attachmentCount ?? 0;
  }

  isRunning(id: string): boolean {
    return this.#live.has(id);
  }

  async writeEnds(): Promise<void> {
    for (const live of this.#live.values()) await live.writeEnd();
  }

  /** Bytes that wait in this node, for each attached browser. */
  heldBytes(): HeldBytes[] {
    return [...this.#live.values()].flatMap((live) => live.heldBytes);
  }

  /** Ends every running session, for the shutdown of this node. */
  async endAll(end: SessionEnd, actor: Actor): Promise<void> {
    await Promise.all([...this.#live.values()].map((live) => live.end(end, actor)));
  }

  #liveHalf(session: Session): LiveSession {
    const running = this.#live.get(session.id);
    if (running) return running;
    const live = new LiveSession(session, {
      ...this.#depsFor(),
      onAttachments: () => this.#bus.publish({ kind: "session", sessionId: session.id }),
      onGone: () => this.#live.delete(session.id),
    });
    this.#live.set(session.id, live);
    return live;
  }
}
