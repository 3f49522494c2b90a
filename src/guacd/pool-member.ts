import type { Logger } from "../core/log.ts";
import { SessionFailure } from "../core/session-end.ts";
import { Backoff } from "./backoff.ts";
import { describeAddress, type GuacdAddress } from "./guacd-address.ts";
import type { GuacdState } from "./guacd-source.ts";
import { isGuacdFailure } from "./is-guacd-failure.ts";
import { type Started, StartQueue } from "./start-queue.ts";

/** Two ways to look at a guacd. Both reject when it does not answer. */
export interface MemberChecks {
  /** As a session would; it has its turn among the starts. */
  check(address: GuacdAddress, signal: AbortSignal): Promise<void>;
  /** With as little as possible, beside them. */
  knock(address: GuacdAddress, signal: AbortSignal): Promise<void>;
}

/** One guacd of a pool: how many sessions it has, and whether it answers, which is asked again and again until `close`. */
export class PoolMember {
  /** Its certificates may be read anew. */
  address: GuacdAddress;
  sessions = 0;
  /** Of its latest session, a number that grows with each in the pool. */
  turn = 0;
  isDraining = false;
  readonly #checks: MemberChecks;
  readonly #log: Logger;
  readonly #queue = new StartQueue();
  readonly #backoff = new Backoff({ firstMs: 1000, longestMs: 30_000 });
  readonly #closing = new AbortController();
  readonly #looked = Promise.withResolvers<void>();
  /** It is taken for well until it shows otherwise. */
  #isHealthy = true;
  /** A knock is not enough to take it for well. */
  #isDoubted = true;
  #isLooking = false;
  #timer: NodeJS.Timeout | undefined;

  /** Looks at it at once. */
  constructor(options: { address: GuacdAddress; checks: MemberChecks; log: Logger }) {
    this.address = options.address;
    this.#checks = options.checks;
    this.#log = options.log;
    this.#lookIn(0);
  }

  get isHealthy(): boolean {
    return this.#isHealthy;
  }

  get state(): GuacdState {
    if (this.isDraining) return "draining";
    return this.#isHealthy ? "up" : "down";
  }

  get startsWaiting(): number {
    return this.#queue.waiting;
  }

  /** Settles when it has been looked at for the first time, or closed before. */
  get looked(): Promise<void> {
    return this.#looked.promise;
  }

  /** Runs a start in its turn; not when it has failed since, and the session has somewhere else to go. */
  async start<T extends Started>(
    open: (address: GuacdAddress) => Promise<T>,
    { hasOther, signal }: { hasOther: () => boolean; signal: AbortSignal },
  ): Promise<T> {
    const inTurn = async (): Promise<T> => {
      if (!this.#isHealthy && hasOther())
        throw new SessionFailure("guacd_failed", `guacd at ${describeAddress(this.address)} has failed.`);
      try {
        const started = await open(this.address);
        this.#backoff.reset();
        this.#answered();
        return started;
      } catch (error) {
        if (isGuacdFailure(error)) this.fail(error);
        throw error;
      }
    };
    return this.#queue.run(inTurn, signal);
  }

  /** It lost a session or fell silent in one: it is down until it has passed a full check, which begins now. */
  suspect(): void {
    if (this.#isHealthy) this.#leaveOut("It let go of a session, or fell silent in one.", 0);
  }

  /** It could not be had: it is down until it has passed a full check, which begins after a pause that grows. */
  fail(error: unknown): void {
    if (this.#isHealthy) this.#leaveOut(reasonOf(error), this.#backoff.nextMs());
  }

  /** Asks no more. Its sessions go on. */
  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
    this.#looked.resolve();
  }

  #lookIn(pauseMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#closing.signal.aborted) this.#timer = setTimeout(() => void this.#look(), pauseMs);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const isFull = this.#isDoubted;
    try {
      await (isFull ? this.#checkInTurn() : this.#checks.knock(this.address, this.#closing.signal));
      if (!isFull) this.#backoff.reset();
      if (isFull || !this.#isDoubted) this.#answered();
      else this.#lookIn(0);
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#leaveOut(reasonOf(error), this.#backoff.nextMs());
    } finally {
      this.#isLooking = false;
      this.#looked.resolve();
    }
  }

  /** Not beside a start, which guacd might freeze on. */
  async #checkInTurn(): Promise<void> {
    const { signal } = this.#closing;
    await this.#queue.run(async () => {
      await this.#checks.check(this.address, signal);
      return { released: Promise.resolve() };
    }, signal);
  }

  #answered(): void {
    if (!this.#isHealthy) this.#log.info({ address: describeAddress(this.address) }, "guacd of the pool is back");
    this.#isHealthy = true;
    this.#isDoubted = false;
    this.#lookIn(lookEveryMs);
  }

  #leaveOut(reason: string, pauseMs: number): void {
    const address = describeAddress(this.address);
    if (this.#isHealthy) this.#log.warn({ reason, address }, "guacd of the pool left out");
    this.#isHealthy = false;
    this.#isDoubted = true;
    this.#lookIn(pauseMs);
  }
}

const reasonOf = (error: unknown): string => {
  if (error instanceof SessionFailure && error.end.detail !== null) return error.end.detail;
  return error instanceof Error ? `${error.message}.` : String(error);
};

const lookEveryMs = 10_000;
