import { readdir, readFile, readlink } from "node:fs/promises";
import { listProcessIds, readProcessStat } from "./process-stat.ts";

export interface LoopbackConnection {
  /** Our local port: the one that accepted. */
  readonly serverPort: number;
  readonly peerPort: number;
  /** The accepted socket's `remoteAddress`. Only 127.0.0.1 can be looked up: any other gives null. */
  readonly peerAddress?: string | undefined;
  /** Look only at processes of this session id (setsid(2)). */
  readonly sessionId?: number;
}

/**
 * Which process holds the far end of a connection that we accepted on 127.0.0.1, or null when none can be named: gone
 * already, of another session, or of a user whose descriptors we may not read. Linux only (proc(5)).
 */
export const findPeerProcess = async (connection: LoopbackConnection): Promise<number | null> => {
  const { peerAddress = "127.0.0.1", sessionId } = connection;
  if (peerAddress !== "127.0.0.1" && peerAddress !== "::ffff:127.0.0.1") return null;
  const inode = await inodeOfPeer(connection);
  if (inode === null) return null;
  for (const pid of await listProcessIds()) {
    if (sessionId !== undefined && (await readProcessStat(pid))?.sessionId !== sessionId) continue;
    if (await holdsSocket(pid, inode)) return pid;
  }
  return null;
};

// 127.0.0.1 as the kernel prints it: hexadecimal in the machine's byte order, plain and mapped into IPv6.
const loopbackV4 = "0100007F";
const loopbackMapped = "0000000000000000FFFF00000100007F";

const inodeOfPeer = async ({ serverPort, peerPort }: LoopbackConnection): Promise<string | null> => {
  const port = (value: number) => value.toString(16).toUpperCase().padStart(4, "0");
  for (const [table, address] of [
    ["/proc/net/tcp", loopbackV4],
    ["/proc/net/tcp6", loopbackMapped],
  ] as const) {
    const text = await readFile(table, "latin1").catch(() => "");
    const start = text.indexOf(` ${address}:${port(peerPort)} ${address}:${port(serverPort)} `);
    if (start < 0) continue;
    // After both addresses: state, queues, timer, retransmits, uid, timeout, inode.
    const inode = text
      .slice(start, start + 300)
      .split("\n", 1)[0]
      ?.trim()
      .split(/\s+/)[8];
    if (inode !== undefined && inode !== "0") return inode;
  }
  return null;
};

const holdsSocket = async (pid: number, inode: string): Promise<boolean> => {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch(() => []);
  const targets = await Promise.all(descriptors.map((name) => readlink(`${folder}/${name}`).catch(() => "")));
  return targets.includes(`socket:[${inode}]`);
};
