import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../core/log.ts";
import { abortable } from "./abortable.ts";
import { Backoff } from "./backoff.ts";
import { guacdWarning, knowsFingerprints, readGuacdVersion } from "./guacd-binary.ts";
import { guacdDown } from "./guacd-down.ts";
import { startGuacdProcess } from "./guacd-process.ts";
import type { GuacdFacts, GuacdLease, GuacdSource, GuacdState } from "./guacd-source.ts";
import { ManagedLease } from "./managed-lease.ts";

/**
 * Runs the host's guacd as our child, and again when it ends or answers nobody any more, with growing pauses. `close` ends it
 * and all its sessions.
 */
export class ManagedGuacd implements GuacdSource {
  readonly #path: string;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  readonly #watch: Promise<void>;
  #facts: GuacdFacts = { managed: true, version: null, warning: null };
  #running = Promise.withResolvers<ManagedLease>();
  /** Of the guacd that runs now. */
  #lease: ManagedLease | undefined;

  /** Starts at once; `lease` waits for it, and while it is in doubt. */
  constructor(options: { path: string; log: Logger }) {
    this.#path = options.path;
    this.#log = options.log;
    this.#watch = this.#keepRunning();
  }

  get facts(): GuacdFacts {
    return this.#facts;
  }

  async isUp(): Promise<boolean> {
    return this.#lease !== undefined;
  }

  get states(): readonly GuacdState[] {
    return [this.#lease ? "up" : "down"];
  }

  get startsWaiting(): number {
    return this.#lease?.startsWaiting ?? 0;
  }

  async lease(signal: AbortSignal): Promise<GuacdLease> {
    const limit = AbortSignal.any([signal, this.#closing.signal, AbortSignal.timeout(leaseLimitMs)]);
    try {
      for (;;) {
        const lease = await abortable(this.#running.promise, limit);
        await abortable(lease.examined, limit);
        // It may have ended of it.
        if (lease === this.#lease) return lease;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw guacdDown("guacd is not running.", error);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watch;
  }

  async #keepRunning(): Promise<void> {
    const { signal } = this.#closing;
    await this.#tellVersion();
    const backoff = new Backoff({ firstMs: 200, longestMs: 5000 });
    while (!signal.aborted) {
      const startedAtMs = performance.now();
      await this.#runOnce(signal);
      if (performance.now() - startedAtMs > steadyMs) backoff.reset();
      await sleep(backoff.nextMs(), undefined, { signal }).catch(() => undefined);
    }
  }

  async #runOnce(signal: AbortSignal): Promise<void> {
    try {
      const guacd = await startGuacdProcess({
        path: this.#path,
        knowsFingerprints: knowsFingerprints(this.#facts.version),
        log: this.#log,
        signal,
      });
      const stop = () => void guacd.stop();
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      this.#log.info({ port: guacd.port, pid: guacd.sessionId }, "guacd started");
      const ended = new AbortController();
      this.#lease = new ManagedLease(guacd, { log: this.#log, signal: AbortSignal.any([signal, ended.signal]) });
      this.#running.resolve(this.#lease);
      await guacd.ended;
      ended.abort();
      signal.removeEventListener("abort", stop);
      this.#running = Promise.withResolvers();
      this.#lease = undefined;
      if (!signal.aborted) this.#log.error({ pid: guacd.sessionId }, "guacd ended");
    } catch (error) {
      if (!signal.aborted) this.#log.error({ err: error, path: this.#path }, "guacd did not start");
    }
  }

  async #tellVersion(): Promise<void> {
    try {
      const version = await readGuacdVersion(this.#path);
      const reason = guacdWarning(version);
      this.#facts = { managed: true, version, warning: reason };
      if (reason !== null) this.#log.warn({ version, reason }, "guacd is old");
    } catch (error) {
      this.#log.error({ err: error, path: this.#path }, "guacd told no version");
    }
  }
}

/** Longer than it takes to look at one in doubt and to start another. */
const leaseLimitMs = 15_000;
/** Having run for this long, guacd is started anew without a long pause. */
const steadyMs = 10_000;
