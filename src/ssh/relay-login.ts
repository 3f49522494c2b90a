import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import ssh2, { type AuthContext, type Connection } from "ssh2";
import { Secret } from "../core/secret.ts";
import { generateKeyPair } from "./generate-key-pair.ts";
import type { LoopTurns } from "./loop-turns.ts";
import { readInTurns } from "./read-in-turns.ts";

/** What guacd signs in to a relay with; good for one relay, and not derived from anything. */
export interface RelayLogin {
  readonly username: string;
  readonly password: Secret<string>;
  /** guacd does not check it: what it is for is that nobody on loopback reads along. */
  readonly hostKey: Secret<string>;
}

export const createRelayLogin = (): RelayLogin => ({
  username: randomBytes(9).toString("hex"),
  password: new Secret(randomBytes(32).toString("base64url")),
  hostKey: generateKeyPair().privateKey,
});

const maxRefusals = 3;

/** Timers of this length never fire: guacd on the same host is known to be gone by its socket, not by probes. */
const neverMs = 2 ** 31 - 1;

/**
 * Speaks SSH as a server on a fresh socket and calls `onSignedIn` for the one right name and password. Nothing else is
 * offered before or after: no other method, no forwarding, no global request. Resolves when the visitor has signed in or
 * left; the limit is in milliseconds.
 */
export const serveLogin = async (
  socket: Socket,
  login: RelayLogin,
  { limitMs, turns }: { readonly limitMs: number; readonly turns: LoopTurns },
  onSignedIn: (connection: Connection) => void,
): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => socket.destroy(), limitMs);
  socket.once("close", () => resolve());
  const server = new ssh2.Server(
    { hostKeys: [login.hostKey.reveal()], ident: "Sallyport", keepaliveInterval: neverMs },
    (connection) => {
      let refusals = 0;
      connection.on("error", () => socket.destroy());
      connection.on("authentication", (context) => {
        if (isRight(context, login)) return context.accept();
        context.reject(["password"]);
        if (context.method !== "none" && ++refusals >= maxRefusals) connection.end();
      });
      connection.once("ready", () => {
        onSignedIn(connection);
        resolve();
      });
    },
  );
  server.injectSocket(socket);
  readInTurns(socket, turns);
  await promise;
  clearTimeout(timer);
};

const isRight = (context: AuthContext, login: RelayLogin): boolean =>
  context.method === "password" &&
  isSame(context.username, login.username) &&
  isSame(context.password, login.password.reveal());

/** In constant time, whatever the lengths. */
const isSame = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected));

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
