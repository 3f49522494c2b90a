import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** The variable that a test run gives to everything it starts, which is how its processes are known. */
export const runVariable = "TEST_RUN_ID";

/** Ends the processes of this run by their ids, and returns their command lines. Linux only. */
export function endLeftovers(runId) {
  const found = leftovers(runId);
  for (const { pid } of found) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }
  return found.map(({ pid, command }) => `${pid} ${command}`);
}

/** As `endLeftovers`, for those that are still there after `graceSeconds`: a killed gateway's guacd goes a little later. */
export async function endStubbornLeftovers(runId, graceSeconds) {
  const deadline = performance.now() + graceSeconds * 1000;
  while (leftovers(runId).length > 0 && performance.now() < deadline) await delay(100);
  return endLeftovers(runId);
}

function leftovers(runId) {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && belongsTo(pid, runId))
    .map((pid) => ({ pid, command: read(pid, "cmdline").replaceAll("\0", " ").trim() }))
    .filter(({ command }) => command !== ""); // a zombie's is empty: its parent has only to collect it
}

function belongsTo(pid, runId) {
  return read(pid, "environ").split("\0").includes(`${runVariable}=${runId}`);
}

function read(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return ""; // ended, or another user's
  }
}
