import { type DoorPlace, loopbackPlace } from "../core/door.ts";
import type { Logger } from "../core/log.ts";
import { readProcessStat } from "../core/process-stat.ts";
import type { GuacdAddress } from "./guacd-address.ts";
import type { GuacdProcess } from "./guacd-process.ts";
import type { GuacdLease } from "./guacd-source.ts";
import { isGuacdFailure } from "./is-guacd-failure.ts";
import { knockGuacd } from "./knock-guacd.ts";
import { SessionProcesses } from "./session-processes.ts";
import { type Started, StartQueue } from "./start-queue.ts";

/** The lease that all sessions of one managed guacd share: there is nowhere else to go, and nothing to give back. */
export class ManagedLease implements GuacdLease {
  readonly address: GuacdAddress;
  readonly place: DoorPlace = loopbackPlace;
  readonly processId: number;
  readonly #guacd: GuacdProcess;
  readonly #log: Logger;
  readonly #signal: AbortSignal;
  readonly #queue: StartQueue;
  #examined: Promise<void> | undefined;

  /** `signal` is aborted when this guacd has ended, or is about to. */
  constructor(guacd: GuacdProcess, options: { log: Logger; signal: AbortSignal }) {
    this.#guacd = guacd;
    this.#log = options.log;
    this.#signal = options.signal;
    this.address = { host: "127.0.0.1", port: guacd.port, tls: null };
    this.processId = guacd.sessionId;
    const processes = new SessionProcesses(guacd.sessionId, options.log);
    this.#queue = new StartQueue((started) => processes.started(started));
  }

  /** Settles when it is in doubt no more; at once when it is not. */
  get examined(): Promise<void> {
    return this.#examined ?? Promise.resolve();
  }

  get startsWaiting(): number {
    return this.#queue.waiting;
  }

  async start<T extends Started>(open: (address: GuacdAddress) => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await this.#queue.run(() => open(this.address), signal);
    } catch (error) {
      if (isGuacdFailure(error)) this.suspect();
      throw error;
    }
  }

  async isDescendant(pid: number): Promise<boolean> {
    return (await readProcessStat(pid))?.sessionId === this.processId;
  }

  suspect(): void {
    this.#examined ??= this.#examine().finally(() => {
      this.#examined = undefined;
    });
  }

  release(): void {
    // It is everybody's.
  }

  /** Ends a guacd that is still there but answers nobody; another one is started in its place. Never rejects. */
  async #examine(): Promise<void> {
    try {
      await knockGuacd(this.address, knockLimitMs, this.#signal);
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#log.error({ err: error, pid: this.processId }, "guacd answers nobody, ended");
      await this.#guacd.stop();
    }
  }
}

/** Long, because all its sessions end with it. */
const knockLimitMs = 10_000;
