import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../core/log.ts";
import { type ProcessStat, processesOfSession, readProcessStat } from "../core/process-stat.ts";
import type { Started } from "./start-queue.ts";

/**
 * Ends the processes of a managed guacd that outlive what they were started for. guacd forks one for each session, which can
 * freeze and then survives every time limit of its own. Starts come one at a time, so what is new after one is its own.
 */
export class SessionProcesses {
  readonly #sessionId: number;
  readonly #log: Logger;
  #known = new Set<number>();

  /** `sessionId` is guacd's, as setsid(2) means it. */
  constructor(sessionId: number, log: Logger) {
    this.#sessionId = sessionId;
    this.#log = log;
  }

  /** Takes note of what the latest start forked. A failed one (null) has let go already. Never rejects. */
  async started(started: Started | null): Promise<void> {
    const serving = (await processesOfSession(this.#sessionId)).filter((one) => this.#servesSession(one));
    const fresh = serving.filter(({ pid }) => !this.#known.has(pid));
    this.#known = new Set(serving.map(({ pid }) => pid));
    for (const process of fresh) void this.#endAfter(process, started?.released ?? Promise.resolve());
  }

  /** guacd makes each of them the leader of a process group; its parent process is none. */
  #servesSession({ pid, groupId }: ProcessStat): boolean {
    return pid === groupId && pid !== this.#sessionId;
  }

  async #endAfter(stray: ProcessStat, released: Promise<void>): Promise<void> {
    await released;
    await sleep(graceMs, undefined, { ref: false });
    const now = await readProcessStat(stray.pid);
    // Its id may be another's by now.
    if (now?.startedAtTicks !== stray.startedAtTicks || now.state === "Z") return;
    try {
      process.kill(-stray.pid, "SIGKILL");
      this.#log.warn({ pid: stray.pid }, "stray guacd process killed");
    } catch (error) {
      this.#log.debug({ err: error, pid: stray.pid }, "stray guacd process was gone");
    }
  }
}

/** A healthy one is gone within a second of `disconnect`. */
const graceMs = 5000;
