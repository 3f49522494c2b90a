import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { findPeerProcess } from "./peer-process.ts";

/** Who may come through a door on loopback: the processes of one guacd. */
export interface DoorGuard {
  /**
   * The session id (setsid(2)) of that guacd's processes. Null when it is not ours: its processes cannot be told from
   * others, so what is asked behind the door decides alone.
   */
  readonly processId: number | null;
  isDescendant(pid: number): Promise<boolean>;
}

/** A listener on a random port of 127.0.0.1. */
export interface LoopbackDoor {
  readonly port: number;
  /** Takes no further connection. Those let in stay. */
  close(): void;
}

/** Visitors that may be at the door at the same time; more are refused, or they would cost memory for nothing. */
const maxWaiting = 4;

/** Opens a door that hands on each connection whose process the guard knows, and cuts the others at once. */
export const openLoopbackDoor = async (options: {
  guard: DoorGuard;
  /** The promise settles when the visitor is done waiting. */
  onVisitor: (socket: Socket) => Promise<unknown>;
  onRefused: (peerPort: number | undefined) => void;
  /** A visitor that has said its last word may still be answered; whoever takes it closes it. */
  allowHalfOpen?: boolean;
}): Promise<LoopbackDoor> => {
  const { guard, onVisitor, onRefused, allowHalfOpen = false } = options;
  let waiting = 0;
  const server = createServer({ noDelay: true, allowHalfOpen }, (socket) => {
    // The echo of a key must not wait for the acknowledgement of the one before (Nagle).
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    const letIn = async () => {
      if (waiting >= maxWaiting || !(await isAllowed(guard, socket)) || !server.listening) {
        onRefused(socket.remotePort);
        socket.destroy();
        return;
      }
      waiting++;
      await onVisitor(socket).finally(() => waiting--);
    };
    letIn().catch(() => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: portOf(server), close: () => void server.close() };
};

const isAllowed = async (guard: DoorGuard, socket: Socket): Promise<boolean> => {
  if (guard.processId === null) return true;
  const { localPort, remotePort, remoteAddress } = socket;
  if (localPort === undefined || remotePort === undefined) return false;
  const pid = await findPeerProcess({
    serverPort: localPort,
    peerPort: remotePort,
    peerAddress: remoteAddress,
    sessionId: guard.processId,
  });
  return pid !== null && (await guard.isDescendant(pid));
};

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a listener without a port");
  return address.port;
};
