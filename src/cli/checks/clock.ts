import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Check, ok, warn } from "./check.ts";

/** Whether something keeps the clock right: certificates and logins depend on it. */
export const checkClock = async (): Promise<Check[]> => {
  const name = "clock";
  try {
    const words = ["show", "-p", "NTPSynchronized", "--value"];
    const { stdout } = await promisify(execFile)("timedatectl", words, { timeout: 5_000 });
    if (stdout.trim() === "yes") return [ok(name, "It is kept by NTP.")];
    return [warn(name, "It is not synchronised.", "Run a time service, such as systemd-timesyncd or chrony.")];
  } catch {
    return [ok(name, "Who keeps it cannot be told here, as in containers, which have the clock of their host.")];
  }
};
