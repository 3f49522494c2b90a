import { authorize } from "../../access/authorize.ts";
import { AppError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import type { Bus } from "../../sessions/bus.ts";
import { type EventCaller, EventStream } from "./event-stream.ts";
import type { SessionFeed } from "./session-feed.ts";

/** How often it is looked whether callers may still listen; what this process itself changes is looked at sooner. */
const checkEveryMs = 5_000;
/** A comment comes with each third look. */
const checksPerComment = 3;
const maxPerPrincipal = 20;

/** All open event streams. `close` ends them. */
export class EventStreams {
  readonly #feed: SessionFeed;
  readonly #log: Logger;
  readonly #open = new Map<EventStream, string>();
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | undefined;
  #checks = 0;
  #isClosed = false;

  constructor({ feed, bus, log }: { feed: SessionFeed; bus: Bus; log: Logger }) {
    this.#feed = feed;
    this.#log = log;
    this.#unsubscribe = bus.subscribe((change) => {
      if (change.kind === "access") this.#checkAll();
    });
  }

  /** Throws `forbidden`, and `rate_limited` when the caller has too many. */
  open(caller: EventCaller): EventStream {
    const { principal } = caller;
    authorize(principal, "session:list");
    const holder = `${principal.kind} ${principal.id}`;
    const ofHolder = [...this.#open.values()].filter((other) => other === holder).length;
    if (ofHolder >= maxPerPrincipal)
      throw new AppError("rate_limited", `You have ${ofHolder} event streams open, which is the limit.`, {
        headers: { "Retry-After": "10" },
      });
    const stream: EventStream = new EventStream(this.#feed, caller, {
      log: this.#log,
      onOver: () => this.#forget(stream),
    });
    this.#open.set(stream, holder);
    this.#timer ??= setInterval(() => this.#tick(), checkEveryMs);
    if (this.#isClosed) stream.end();
    return stream;
  }

  /** Tells the last changes and ends all streams. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    await this.#feed.close();
    for (const stream of this.#open.keys()) stream.end();
  }

  #forget(stream: EventStream): void {
    this.#open.delete(stream);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    this.#checks += 1;
    this.#checkAll();
    if (this.#checks % checksPerComment === 0) for (const stream of this.#open.keys()) stream.comment();
  }

  #checkAll(): void {
    for (const stream of this.#open.keys()) void stream.check();
  }
}
