import type { Socket } from "node:net";
import type { Connection } from "ssh2";
import { type DoorGuard, openDoor, type RefusedVisitor } from "../core/door.ts";
import type { PreparedEndpoint } from "../core/endpoint.ts";
import type { Logger } from "../core/log.ts";
import type { LoopTurns } from "./loop-turns.ts";
import { relayFiles } from "./relay-files.ts";
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
 * Opens a relay for a client that is signed in. It listens where its guacd comes by until the connections it is for have
 * come, lets in only processes of its guacd, and serves only the one-time sign-in; whoever is refused does not use it up.
 * From then on nothing listens. What the target was told to let the gateway in is never on this side.
 */
export const openSshRelay = async (options: {
  client: SshClient;
  command: string | null;
  environment: Readonly<Record<string, string>>;
  /** A second connection may have the target's SFTP server: guacd opens one for its file transfer, after the terminal's. */
  filesAllowed?: boolean;
  guard: DoorGuard;
  /** The longest wait for the target's shell, or its SFTP server. */
  channelTimeoutMs: number;
  /** The longest wait for guacd's sign-in, counted from here, and for the second one from the first. */
  guacdTimeoutMs: number;
  turns: LoopTurns;
  log: Logger;
}): Promise<SshRelay> => {
  const {
    client,
    command,
    environment,
    filesAllowed = false,
    guard,
    channelTimeoutMs,
    guacdTimeoutMs,
    turns,
    log,
  } = options;
  const login = createRelayLogin();
  const { promise: ended, resolve } = Promise.withResolvers<RelayEnd>();
  const visitors = new Set<Socket>();
  const served = new Set<Socket>();
  const maxServed = filesAllowed ? 2 : 1;
  let timer: NodeJS.Timeout | undefined;

  const onSignedIn = (socket: Socket, guacd: Connection): void => {
    served.add(socket);
    clearTimeout(timer);
    if (served.size === maxServed) letNobodyIn();
    else timer = setTimeout(letNobodyIn, guacdTimeoutMs);
    if (served.size > 1) relayFiles({ guacd, client, channelTimeoutMs, turns });
    else relaySession({ guacd, client, command, environment, channelTimeoutMs, turns, onEnd: resolve });
  };
  const onVisitor = (socket: Socket): Promise<void> => {
    visitors.add(socket);
    socket.once("close", () => visitors.delete(socket));
    return serveLogin(socket, login, { limitMs: guacdTimeoutMs, turns }, (guacd) => onSignedIn(socket, guacd));
  };
  const onRefused = (visitor: RefusedVisitor) => log.warn(visitor, "relay visitor refused");
  const door = await openDoor({ guard, onVisitor, onRefused });
  const letNobodyIn = () => {
    clearTimeout(timer);
    door.close();
    for (const socket of visitors) if (!served.has(socket)) socket.destroy();
  };
  const close = () => {
    letNobodyIn();
    for (const socket of visitors) socket.destroy();
    client.close();
    resolve({ kind: "left" });
  };
  timer = setTimeout(() => {
    resolve({ kind: "unused" });
    close();
  }, guacdTimeoutMs);
  void client.closed.then((cause) => {
    resolve({ kind: "lost", cause });
    if (served.size === 0) close();
  });
  void ended.then(letNobodyIn);
  const { username, password } = login;
  return { endpoint: { ...door.endpoint, username, password }, ended, close };
};
