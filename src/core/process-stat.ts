import { readdir, readFile } from "node:fs/promises";

/** What Linux tells of a running process (proc_pid_stat(5)). */
export interface ProcessStat {
  readonly pid: number;
  /** One letter: `Z` is a zombie, dead but not yet collected. */
  readonly state: string;
  readonly parentPid: number;
  readonly groupId: number;
  readonly sessionId: number;
  /** Since boot; with the id it names one process for good. */
  readonly startedAtTicks: number;
}

/** The process's facts, or null when it is gone. */
export const readProcessStat = async (pid: number): Promise<ProcessStat | null> => {
  const line = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null);
  if (line === null) return null;
  // The second field is the program's name in brackets and may hold anything, brackets and spaces too.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const [state, parentPid, groupId, sessionId] = fields;
  if (state === undefined || sessionId === undefined) return null;
  return {
    pid,
    state,
    parentPid: Number(parentPid),
    groupId: Number(groupId),
    sessionId: Number(sessionId),
    startedAtTicks: Number(fields[19]),
  };
};

/** Ids of all processes that can be seen, the newest (highest) first. */
export const listProcessIds = async (): Promise<number[]> => {
  const names = await readdir("/proc").catch(() => []);
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => b - a);
};

/** Every living process (no zombies) of a session id. */
export const processesOfSession = async (sessionId: number): Promise<ProcessStat[]> => {
  const stats = await Promise.all((await listProcessIds()).map(readProcessStat));
  return stats.filter((stat) => stat !== null).filter((stat) => stat.sessionId === sessionId && stat.state !== "Z");
};
