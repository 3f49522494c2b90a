import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { findPeerProcess } from "../../../src/core/peer-process.ts";
import { readProcessStat } from "../../../src/core/process-stat.ts";
import { portOf } from "../../support/port-of.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const connectedPair = async (): Promise<{ accepted: Socket; serverPort: number; peerPort: number }> => {
  const server = createServer().listen(0, "127.0.0.1");
  closers.push(() => server.close());
  const port = await portOf(server);
  const client = connect(port, "127.0.0.1");
  closers.push(() => client.destroy());
  const [accepted]: Socket[] = await once(server, "connection");
  if (accepted?.remotePort === undefined) throw new Error("no peer");
  closers.push(() => accepted.destroy());
  return { accepted, serverPort: port, peerPort: accepted.remotePort };
};

test("the process that dialled a loopback port is named", async () => {
  const { accepted, serverPort, peerPort } = await connectedPair();
  expect(await findPeerProcess({ serverPort, peerPort, peerAddress: accepted.remoteAddress })).toBe(process.pid);
});

test("a process of another session is not named", async () => {
  const { serverPort, peerPort } = await connectedPair();
  const own = await readProcessStat(process.pid);
  expect(await findPeerProcess({ serverPort, peerPort, sessionId: own?.sessionId ?? -1 })).toBe(process.pid);
  expect(await findPeerProcess({ serverPort, peerPort, sessionId: 999_999_999 })).toBeNull();
});

test("another loopback address with the same port cannot pass for the peer", async () => {
  const { serverPort, peerPort } = await connectedPair();
  expect(await findPeerProcess({ serverPort, peerPort, peerAddress: "127.0.0.2" })).toBeNull();
});

test("a connection that does not exist has no process", async () => {
  expect(await findPeerProcess({ serverPort: 1, peerPort: 2 })).toBeNull();
});
