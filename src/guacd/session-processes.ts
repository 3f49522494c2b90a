import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../core/log.ts";
import { type ProcessStat, processesOfSession, readProcessStat } from "../core/process-stat.ts";
import type { Started } from "./start-queue.ts";

/**
 * Ends the processes of a managed guacd that outlive what they were started for, and tells of those that crash in their start.
 * guacd forks one for each session, which can freeze and then survives every time limit of its own. Starts come one at a time,
 * so what is new after one is its own.
 */
export class SessionProcesses {
  readonly #sessionId: number;
  readonly #log: Logger;
  /** By what names a process for good. */
  #known = new Set<string>();

  /** `sessionId` is guacd's, as setsid(2) means it. */
  constructor(sessionId: number, log: Logger) {
    this.#sessionId = sessionId;
    this.#log = log;
  }

  /** Takes note of what the latest start forked. A failed one (null) has let go already. Never rejects. */
  async started(started: Started | null): Promise<void> {
    const all = await processesOfSession(this.#sessionId);
    const serving = all.filter((one) => this.#servesSession(one));
    const fresh = serving.filter((one) => !this.#known.has(nameOf(one)));
    this.#known = new Set(serving.map(nameOf));
    for (const process of fresh) void this.#endAfter(process, started?.released ?? Promise.resolve());
    // Of more than one it cannot be told which serves it; a guacd of which nothing is seen cannot be judged.
    if (started && fresh.length < 2 && all.length > 0) void this.#watchStart(fresh[0]?.pid, started);
  }

  async #watchStart(pid: number | undefined, started: Started): Promise<void> {
    const untilMs = performance.now() + startMs;
    while (pid !== undefined && isThere(pid)) {
      if (performance.now() > untilMs) return;
      await sleep(lookEveryMs, undefined, { ref: false });
    }
    await sleep(lastWordMs, undefined, { ref: false });
    started.lose?.();
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

const nameOf = ({ pid, startedAtTicks }: ProcessStat): string => `${pid} ${startedAtTicks}`;

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
};

/** guacd 1.3.0 crashes within some milliseconds, if it does. */
const startMs = 5000;
const lookEveryMs = 250;
/** For what a process has said before it ended. */
const lastWordMs = 250;
/** A healthy one is gone within a second of `disconnect`. */
const graceMs = 5000;
