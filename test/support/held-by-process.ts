import { readdir, readFile, readlink } from "node:fs/promises";
import { expect } from "vitest";
import { descendants } from "./descendants.ts";
import { until } from "./until.ts";

/** What the kernel keeps for this process. */
export interface HeldByProcess {
  readonly descriptors: number;
  readonly sockets: number;
  /** TCP ports that it listens on. */
  readonly listening: readonly number[];
  /** Children and theirs, the dead that nobody has collected included. */
  readonly processes: number;
}

export const heldByProcess = async (): Promise<HeldByProcess> => {
  const links = await Promise.all(
    (await readdir("/proc/self/fd")).map((name) => readlink(`/proc/self/fd/${name}`).catch(() => "")),
  );
  const open = links.filter((link) => link !== "");
  const inodes = new Set(open.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const tables = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/self/net/${name}`, "latin1")));
  const listening = tables
    .flatMap((table) => table.trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode = ""]) => state === "0A" && inodes.has(inode))
    .map(([, local = ""]) => Number.parseInt(local.split(":")[1] ?? "", 16));
  return {
    descriptors: open.length,
    sockets: inodes.size,
    listening: listening.toSorted((a, b) => a - b),
    processes: (await descendants(process.pid)).length,
  };
};

/** Waits until this process holds no more than `before`, and listens where it did. */
export const holdsNoMoreThan = async (before: HeldByProcess): Promise<void> => {
  let now = before;
  const isAsBefore = async () => {
    now = await heldByProcess();
    const { descriptors, sockets, processes } = now;
    return descriptors <= before.descriptors && sockets <= before.sockets && processes <= before.processes;
  };
  await until(isAsBefore, `held as before, ${JSON.stringify(before)}`).catch((cause: unknown) => {
    throw new Error(`still held: ${JSON.stringify(now)}`, { cause });
  });
  expect(now.listening).toEqual(before.listening);
};
