import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { Endpoint } from "./endpoint.ts";
import { findPeerProcess } from "./peer-process.ts";

/** Where a door opens, how guacd finds it, and from where guacd comes. */
export interface DoorPlace {
  /** An address of this host. */
  readonly bindAddress: string;
  /** The name or address by which guacd reaches it. */
  readonly advertisedHost: string;
  /** Whether guacd may come from this address. */
  admits(remoteAddress: string): boolean;
}

/** For a guacd that shares this host's loopback, where nobody from elsewhere can knock. */
export const loopbackPlace: DoorPlace = {
  bindAddress: "127.0.0.1",
  advertisedHost: "127.0.0.1",
  admits: () => true,
};

/** Who may come through a door: the processes of one guacd. */
export interface DoorGuard {
  readonly place: DoorPlace;
  /**
   * The session id (setsid(2)) of that guacd's processes. Null when it is not ours: its processes cannot be told from
   * others, so the address it comes from and what is asked behind the door decide.
   */
  readonly processId: number | null;
  isDescendant(pid: number): Promise<boolean>;
}

/** Who was turned away. */
export interface RefusedVisitor {
  readonly peerAddress: string | undefined;
  readonly peerPort: number | undefined;
}

/** A listener on a random port. */
export interface Door {
  /** Where guacd is sent. */
  readonly endpoint: Endpoint;
  /** Takes no further connection. Those let in stay. */
  close(): void;
}

/** Visitors that may be at the door at the same time; more are refused, or they would cost memory for nothing. */
const maxWaiting = 4;

/** Opens a door that hands on each connection that the guard knows, and cuts the others at once. */
export const openDoor = async (options: {
  guard: DoorGuard;
  /** The promise settles when the visitor is done waiting. */
  onVisitor: (socket: Socket) => Promise<unknown>;
  onRefused: (visitor: RefusedVisitor) => void;
  /** A visitor that has said its last word may still be answered; whoever takes it closes it. */
  allowHalfOpen?: boolean;
}): Promise<Door> => {
  const { guard, onVisitor, onRefused, allowHalfOpen = false } = options;
  let waiting = 0;
  const server = createServer({ noDelay: true, allowHalfOpen }, (socket) => {
    // The echo of a key must not wait for the acknowledgement of the one before (Nagle).
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    const letIn = async () => {
      if (waiting >= maxWaiting || !(await isAllowed(guard, socket)) || !server.listening) {
        onRefused({ peerAddress: socket.remoteAddress, peerPort: socket.remotePort });
        socket.destroy();
        return;
      }
      waiting++;
      await onVisitor(socket).finally(() => waiting--);
    };
    letIn().catch(() => socket.destroy());
  });
  server.listen(0, guard.place.bindAddress);
  await once(server, "listening");
  const endpoint = { host: guard.place.advertisedHost, port: portOf(server) };
  return { endpoint, close: () => void server.close() };
};

/** Rejects when no door can be opened at `bindAddress`, because this host does not have it. */
export const tryBindAddress = async (bindAddress: string): Promise<void> => {
  const server = createServer().listen(0, bindAddress);
  await once(server, "listening");
  server.close();
};

const isAllowed = async (guard: DoorGuard, socket: Socket): Promise<boolean> => {
  const { localPort, remotePort, remoteAddress } = socket;
  if (localPort === undefined || remotePort === undefined || remoteAddress === undefined) return false;
  if (!guard.place.admits(remoteAddress)) return false;
  if (guard.processId === null) return true;
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
