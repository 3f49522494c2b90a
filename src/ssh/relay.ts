import type { Socket } from "node:net";
import { type DoorGuard, openDoor, type RefusedVisitor } from "../core/door.ts";
import type { PreparedEndpoint } from "../core/endpoint.ts";
import type { Logger } from "../core/log.ts";
import { createRelayLogin, serveLogin } from "./relay-login.ts";
import { type RelayEnd, relaySession } from "./relay-session.ts";
import type { SshClient } from "./ssh-client.ts";

/** Where an SSH session ends: an SSH server for guacd on one side, a client of the target on the other. */
export interface SshRelay {
  /** Where guacd is sent, with the one-time sign-in it shows there. */
  readonly endpoint: PreparedEndpoint;
  /** Resolves, never rejects; before guacd hears of it, so that whoever waits knows more than guacd will tell. */
  readonly ended: Promise<RelayEnd>;
  /** Cuts guacd's side and closes the client. */
  close(): void;
}

/**
 * Opens a relay for a client that is signed in. It listens where its guacd comes by until the one connection it is for has come, lets in
 * only processes of its guacd, and serves only the one-time sign-in; whoever is refused does not use it up. From then on
 * nothing listens. What the target was told to let the gateway in is never on this side.
 */
export const openSshRelay = async (options: {
  client: SshClient;
  command: string | null;
  environment: Readonly<Record<string, string>>;
  guard: DoorGuard;
  /** The longest wait for the target's shell. */
  channelTimeoutMs: number;
  /** The longest wait for guacd's sign-in, counted from here. */
  guacdTimeoutMs: number;
  log: Logger;
}): Promise<SshRelay> => {
  const { client, command, environment, guard, channelTimeoutMs, guacdTimeoutMs, log } = options;
  const login = createRelayLogin();
  const { promise: ended, resolve } = Promise.withResolvers<RelayEnd>();
  const visitors = new Set<Socket>();
  let isTaken = false;

  const onVisitor = (socket: Socket): Promise<void> => {
    visitors.add(socket);
    socket.once("close", () => visitors.delete(socket));
    return serveLogin(socket, login, guacdTimeoutMs, (guacd) => {
      if (isTaken) return void socket.destroy();
      isTaken = true;
      clearTimeout(timer);
      door.close();
      for (const other of visitors) if (other !== socket) other.destroy();
      relaySession({ guacd, client, command, environment, channelTimeoutMs, onEnd: resolve });
    });
  };
  const onRefused = (visitor: RefusedVisitor) => log.warn(visitor, "relay visitor refused");
  const door = await openDoor({ guard, onVisitor, onRefused });
  const close = () => {
    clearTimeout(timer);
    door.close();
    for (const socket of visitors) socket.destroy();
    client.close();
    resolve({ kind: "left" });
  };
  const timer = setTimeout(() => {
    resolve({ kind: "unused" });
    close();
  }, guacdTimeoutMs);
  void client.closed.then((cause) => {
    resolve({ kind: "lost", cause });
    if (!isTaken) close();
  });
  const { username, password } = login;
  return { endpoint: { ...door.endpoint, username, password }, ended, close };
};
