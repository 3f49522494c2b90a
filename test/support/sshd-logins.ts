import { readFile } from "node:fs/promises";
import { listProcessIds } from "../../src/core/process-stat.ts";
import type { SshHost } from "./ssh-host.ts";

/** How many processes of sshd serve somebody who is signed in to one of the hosts. */
export const sshdLogins = async (hosts: readonly SshHost[]): Promise<number> => {
  const names = hosts.map(({ username }) => `sshd: ${username}`);
  const titles = await Promise.all(
    (await listProcessIds()).map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return titles.filter((title) => names.some((name) => title.startsWith(name))).length;
};
