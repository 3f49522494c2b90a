import { listProcessIds, readProcessStat } from "../../src/core/process-stat.ts";

/** Children of a process and theirs, the dead that nobody has collected included. */
export const descendants = async (root: number): Promise<number[]> => {
  const stats = await Promise.all((await listProcessIds()).map(readProcessStat));
  const found = [root];
  for (const pid of found)
    found.push(...stats.filter((stat) => stat !== null && stat.parentPid === pid).map((stat) => stat?.pid ?? 0));
  return found.slice(1);
};

/** Those of them that still run. */
export const stillRunning = async (pids: readonly number[]): Promise<number[]> => {
  const stats = await Promise.all(pids.map(async (pid) => ({ pid, stat: await readProcessStat(pid) })));
  return stats.filter(({ stat }) => stat && stat.state !== "Z").map(({ pid }) => pid);
};
