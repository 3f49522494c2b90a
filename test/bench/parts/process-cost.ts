import { readFileSync, writeFileSync } from "node:fs";

/** Seconds of processor that a process has used, all threads together. Linux counts them in hundredths. */
export const cpuSeconds = (pid: number): number => {
  const line = readFileSync(`/proc/${pid}/stat`, "latin1");
  const [user, system] = line
    .slice(line.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
};

/** Resident memory of a process in MB. */
export const residentMb = (pid: number): number => statusMb(pid, "VmRSS");

/** The most since the start, or since `forgetPeak`. */
export const peakMb = (pid: number): number => statusMb(pid, "VmHWM");

export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, "5");

const statusMb = (pid: number, field: string): number => {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(
    readFileSync(`/proc/${pid}/status`, "latin1"),
  )?.[1];
  return Number(kilobytes) / 1024;
};
