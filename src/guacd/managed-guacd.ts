import { setTimeout as sleep } from "node:timers/promises";
import { loopbackPlace } from "../core/door.ts";
import type { Logger } from "../core/log.ts";
import { readProcessStat } from "../core/process-stat.ts";
import { SessionFailure } from "../core/session-end.ts";
import { abortable } from "./abortable.ts";
import { guacdWarning, knowsFingerprints, readGuacdVersion } from "./guacd-binary.ts";
import { startGuacdProcess } from "./guacd-process.ts";
import type { GuacdFacts, GuacdLease, GuacdSource } from "./guacd-source.ts";
import { SessionProcesses } from "./session-processes.ts";
import { StartQueue } from "./start-queue.ts";

/** Runs the host's guacd as our child, and again when it ends, with growing pauses. `close` ends it and all its sessions. */
export class ManagedGuacd implements GuacdSource {
  readonly #path: string;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  readonly #watch: Promise<void>;
  #facts: GuacdFacts = { managed: true, version: null, warning: null };
  #running = Promise.withResolvers<GuacdLease>();
  /** Of the guacd that runs now. */
  #startQueue: StartQueue | undefined;

  /** Starts at once; `lease` waits for it. */
  constructor(options: { path: string; log: Logger }) {
    this.#path = options.path;
    this.#log = options.log;
    this.#watch = this.#keepRunning();
  }

  get facts(): GuacdFacts {
    return this.#facts;
  }

  async isUp(): Promise<boolean> {
    return this.#startQueue !== undefined;
  }

  get startsWaiting(): number {
    return this.#startQueue?.waiting ?? 0;
  }

  async lease(signal: AbortSignal): Promise<GuacdLease> {
    const limit = AbortSignal.any([signal, this.#closing.signal, AbortSignal.timeout(leaseLimitMs)]);
    try {
      return await abortable(this.#running.promise, limit);
    } catch (error) {
      signal.throwIfAborted();
      throw new SessionFailure("guacd_failed", "guacd is not running.", {
        cause: error,
        status: 514,
        fault: "guacd_down",
      });
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watch;
  }

  async #keepRunning(): Promise<void> {
    const { signal } = this.#closing;
    await this.#tellVersion();
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const startedAtMs = performance.now();
      await this.#runOnce(signal);
      if (performance.now() - startedAtMs > steadyMs) pauseMs = firstPauseMs;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
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
      const processes = new SessionProcesses(guacd.sessionId, this.#log);
      const startQueue = new StartQueue((started) => processes.started(started));
      this.#startQueue = startQueue;
      this.#running.resolve({
        address: { host: "127.0.0.1", port: guacd.port, tls: null },
        startQueue,
        place: loopbackPlace,
        processId: guacd.sessionId,
        isDescendant: async (pid) => (await readProcessStat(pid))?.sessionId === guacd.sessionId,
      });
      await guacd.ended;
      signal.removeEventListener("abort", stop);
      this.#running = Promise.withResolvers();
      this.#startQueue = undefined;
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

const leaseLimitMs = 10_000;
const firstPauseMs = 200;
const longestPauseMs = 5000;
/** Having run for this long, guacd is started anew without a long pause. */
const steadyMs = 10_000;
