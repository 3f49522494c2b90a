import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** The variable that a test run gives to everything it starts. */
export const runVariable = "TEST_RUN_ID";

/**
 * Ends the processes of a test run by their ids, and returns their command lines. They are known by the run's variable
 * in their environment, or by the run's temporary folder as their place or in their arguments. Linux only.
 */
export function endLeftovers(run) {
  const found = leftovers(run);
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
export async function endStubbornLeftovers(run, graceSeconds) {
  const deadline = performance.now() + graceSeconds * 1000;
  while (leftovers(run).length > 0 && performance.now() < deadline) await delay(100);
  return endLeftovers(run);
}

function leftovers({ id, folder }) {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .map((pid) => ({ pid, command: read(pid, "cmdline").replaceAll("\0", " ").trim() }))
    .filter(({ pid, command }) => {
      if (command === "") return false; // a zombie: its parent has only to collect it
      if (command.includes(folder) || placeOf(pid).startsWith(folder)) return true;
      return read(pid, "environ").split("\0").includes(`${runVariable}=${id}`);
    });
}

function placeOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return ""; // ended, or another user's
  }
}

function read(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}
