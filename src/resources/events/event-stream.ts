import type { Logger } from "../../core/log.ts";
import type { Principal } from "../../core/principal.ts";
import { commentText, createEventText, firstText } from "./event-text.ts";
import type { FeedEvent, SessionFeed } from "./session-feed.ts";

export interface EventCaller {
  readonly principal: Principal;
  /** Who the caller is now; rejects when the caller may not listen any more. */
  readonly check: () => Promise<Principal>;
  /** The last event of a stream that broke off. */
  readonly lastEventId: string | undefined;
  /** Lets go of the connection without ceremony. */
  readonly cut: () => void;
}

/** Sessions whose change may wait for a caller who does not read; a change more and it is cut. */
const maxWaiting = 1000;

/**
 * What one caller hears. Nothing is written before the caller has taken what was; meanwhile the last change of each session
 * waits. `body` is to be read or cancelled, or else `end` called.
 */
export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #feed: SessionFeed;
  readonly #caller: EventCaller;
  readonly #log: Logger;
  readonly #onOver: () => void;
  readonly #unhear: () => void;
  readonly #waiting = new Map<string, FeedEvent>();
  #text: ReturnType<typeof createEventText>;
  #role: Principal["role"];
  #due = { first: true, snapshot: true, comment: false };
  #state: "open" | "ending" | "over" = "open";
  #resumeFrom: string | undefined;
  #isCancelled = false;
  #wake = Promise.withResolvers<void>();

  constructor(feed: SessionFeed, caller: EventCaller, options: { log: Logger; onOver: () => void }) {
    this.#feed = feed;
    this.#caller = caller;
    this.#log = options.log;
    this.#onOver = options.onOver;
    this.#role = caller.principal.role;
    this.#resumeFrom = caller.lastEventId;
    this.#text = createEventText(feed.origin, caller.principal);
    this.#unhear = feed.hear({
      onEvent: (event) => this.#hear(event),
      onGap: () => this.#need("snapshot"),
    });
    const encoder = new TextEncoder();
    this.body = new ReadableStream(
      {
        pull: async (controller) => {
          const text = await this.#next();
          if (text !== null) controller.enqueue(encoder.encode(text));
          else if (!this.#isCancelled) controller.close();
        },
        cancel: () => {
          this.#isCancelled = true;
          this.#over("left");
        },
      },
      { highWaterMark: 0 },
    );
  }

  comment(): void {
    this.#need("comment");
  }

  /** Ends the stream when the caller may not listen any more; after a change of role all is told anew. */
  async check(): Promise<void> {
    try {
      const principal = await this.#caller.check();
      if (principal.role === this.#role) return;
      this.#role = principal.role;
      this.#text = createEventText(this.#feed.origin, principal);
      this.#need("snapshot");
    } catch {
      this.#over("access lost");
    }
  }

  /** Tells what is waiting, and no more. */
  end(): void {
    if (this.#state === "open") this.#state = "ending";
    this.#wake.resolve();
  }

  #hear(event: FeedEvent): void {
    this.#waiting.delete(event.sessionId);
    this.#waiting.set(event.sessionId, event);
    this.#wake.resolve();
    if (this.#waiting.size <= maxWaiting) return;
    this.#over("slow");
    this.#caller.cut();
  }

  #need(what: "snapshot" | "comment"): void {
    this.#due[what] = true;
    this.#wake.resolve();
  }

  async #next(): Promise<string | null> {
    for (;;) {
      const text = await this.#written();
      if (this.#state === "over") return null;
      if (text !== "") return text;
      if (this.#state === "ending") this.#over("ended");
      else {
        await this.#wake.promise;
        this.#wake = Promise.withResolvers();
      }
    }
  }

  /** What there is to tell now. */
  async #written(): Promise<string> {
    if (this.#due.first) {
      this.#due.first = false;
      return firstText;
    }
    if (this.#due.snapshot) return await this.#beginning();
    if (this.#waiting.size > 0) {
      const events = [...this.#waiting.values()];
      this.#waiting.clear();
      return events.map((event) => this.#text.event(event)).join("");
    }
    if (!this.#due.comment) return "";
    this.#due.comment = false;
    return commentText;
  }

  /** What is known before changes are: what a caller who comes back has missed, else a snapshot. */
  async #beginning(): Promise<string> {
    this.#due.snapshot = false;
    const number = this.#text.numberOf(this.#resumeFrom ?? "");
    this.#resumeFrom = undefined;
    try {
      const missed = number === undefined ? undefined : await this.#feed.since(number);
      const begun = missed ?? (await this.#feed.snapshot());
      for (const event of [...this.#waiting.values()])
        if (event.number <= begun.number) this.#waiting.delete(event.sessionId);
      return "events" in begun
        ? begun.events.map((event) => this.#text.event(event)).join("")
        : this.#text.snapshot(begun.number, begun.states);
    } catch (error) {
      this.#log.error({ err: error }, "sessions not read");
      this.#over("failed");
      return "";
    }
  }

  #over(cause: string): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#unhear();
    this.#waiting.clear();
    this.#wake.resolve();
    this.#log.debug({ cause, principalId: this.#caller.principal.id }, "event stream ended");
    this.#onOver();
  }
}
