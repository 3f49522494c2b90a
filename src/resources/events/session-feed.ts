import { newId } from "../../core/ids.ts";
import type { Logger } from "../../core/log.ts";
import type { Bus } from "../../sessions/bus.ts";
import type { SessionDirectory } from "../../sessions/directory.ts";
import type { Session } from "../../sessions/session.ts";
import type { SessionStore } from "../../sessions/session-store.ts";

/** A session with what only its running half knows. */
export interface SessionState {
  readonly session: Session;
  readonly connections: number;
}

/** How a session is after a change; null when it is gone. */
export interface FeedEvent {
  readonly number: number;
  readonly sessionId: string;
  readonly state: SessionState | null;
}

export interface FeedHearer {
  onEvent(event: FeedEvent): void;
  /** Something was missed: only a snapshot tells how things are. */
  onGap(): void;
}

export interface SessionFeedDeps {
  readonly bus: Bus;
  readonly store: Pick<SessionStore, "find" | "listCurrent">;
  readonly directory: Pick<SessionDirectory, "attachmentCount">;
  readonly log: Logger;
}

/** Ended sessions in a snapshot; live ones are bounded by their own limit. */
const endedShown = 200;
/** Sessions whose last change is remembered for those who come back. */
const rememberedChanges = 1000;

/**
 * Numbers the changes of sessions. It reads a session once for each change, however many listen, and does one thing after
 * the other, so that a snapshot and the events behind it fit together. Changes of one session that come close together are one.
 */
export class SessionFeed {
  /** Numbers of another origin mean nothing here. */
  readonly origin = newId();
  readonly #deps: SessionFeedDeps;
  readonly #unsubscribe: () => void;
  readonly #hearers = new Set<FeedHearer>();
  readonly #changed = new Set<string>();
  /** The number of each session's last change, oldest first. */
  readonly #remembered = new Map<string, number>();
  #number = 0;
  /** The highest number that is not among the remembered ones any more. */
  #forgotten = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: SessionFeedDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.bus.subscribe((change) => {
      if (change.kind === "session") this.#note(change.sessionId);
    });
  }

  /** Gives what ends the listening. */
  hear(hearer: FeedHearer): () => void {
    this.#hearers.add(hearer);
    return () => void this.#hearers.delete(hearer);
  }

  /** How all sessions stand, newest first, as of that number. */
  snapshot(): Promise<{ number: number; states: SessionState[] }> {
    return this.#inTurn(async () => {
      const sessions = await this.#deps.store.listCurrent({ ended: endedShown });
      return { number: this.#number, states: sessions.map((session) => this.#stateOf(session)) };
    });
  }

  /** How the sessions are now that have changed behind that number; undefined when some are forgotten. */
  since(number: number): Promise<{ number: number; events: FeedEvent[] } | undefined> {
    return this.#inTurn(async () => {
      if (number < this.#forgotten || number > this.#number) return undefined;
      const missed = [...this.#remembered].filter(([, last]) => last > number);
      const events = await Promise.all(missed.map(([id, last]) => this.#read(id, last)));
      return { number: this.#number, events };
    });
  }

  /** Takes no more changes, and resolves when those that it knows are told. */
  async close(): Promise<void> {
    this.#unsubscribe();
    await this.#turn;
  }

  #note(sessionId: string): void {
    this.#changed.add(sessionId);
    if (this.#changed.size === 1) void this.#inTurn(() => this.#tellChanged());
  }

  async #tellChanged(): Promise<void> {
    const ids = [...this.#changed];
    this.#changed.clear();
    try {
      for (const id of ids) {
        const number = this.#remember(id);
        if (this.#hearers.size === 0) continue;
        const event = await this.#read(id, number);
        for (const hearer of [...this.#hearers]) hearer.onEvent(event);
      }
    } catch (error) {
      this.#deps.log.error({ err: error }, "changed sessions not read");
      this.#number += 1;
      this.#forgotten = this.#number;
      this.#remembered.clear();
      for (const hearer of [...this.#hearers]) hearer.onGap();
    }
  }

  #remember(sessionId: string): number {
    this.#number += 1;
    this.#remembered.delete(sessionId);
    this.#remembered.set(sessionId, this.#number);
    const [oldest] = this.#remembered;
    if (oldest && this.#remembered.size > rememberedChanges) {
      this.#remembered.delete(oldest[0]);
      this.#forgotten = oldest[1];
    }
    return this.#number;
  }

  async #read(sessionId: string, number: number): Promise<FeedEvent> {
    const session = await this.#deps.store.find(sessionId);
    return { number, sessionId, state: session ? this.#stateOf(session) : null };
  }

  #stateOf(session: Session): SessionState {
    return { session, connections: this.#deps.directory.attachmentCount(session.id) };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
