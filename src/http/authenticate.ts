import { type Authenticator, type Proof, proofOf } from "../access/authenticator.ts";
import type { WsTickets } from "../access/ws-tickets.ts";
import { AppError } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";
import { Secret } from "../core/secret.ts";
import type { LoginCookie } from "./cookie.ts";

/** Who sent a request, and whether the browser added the credential by itself (then the request's origin matters). */
export interface Caller {
  readonly principal: Principal;
  readonly proof: Proof;
  readonly byCookie: boolean;
  /** Uses up the ticket that the caller came with. Throws `unauthenticated` when another request was faster. */
  readonly useTicket?: () => void;
}

/** Where a WebSocket's address has a ticket in it, and the session that the address names. */
export interface OfferedTicket {
  readonly token: Secret<string>;
  readonly sessionId: string | undefined;
}

/**
 * Reads the credential of a request: Bearer, else X-API-Key, else the ticket of a WebSocket, else the login cookie. The
 * first that is present decides; a wrong one is `unauthenticated` and the next is not tried. A ticket is as good as what its
 * maker came with is now, and only `useTicket` uses it up. Resolves to undefined when there is no credential.
 */
export const authenticate = async (
  { headers, address, ticket }: { headers: Headers; address: string; ticket: OfferedTicket | undefined },
  deps: { authenticator: Authenticator; cookie: LoginCookie; tickets: WsTickets },
): Promise<Caller | undefined> => {
  const callerBy = async (proof: Proof) => ({ proof, principal: await deps.authenticator.byProof(proof, address) });
  const key = keyOf(headers);
  if (key) return { ...(await callerBy(proofOf("key", key))), byCookie: false };
  if (ticket) {
    const known = deps.tickets.find(ticket.token);
    if (!known || (known.sessionId !== null && known.sessionId !== ticket.sessionId)) throw badTicket();
    const useTicket = () => {
      if (!deps.tickets.use(ticket.token)) throw badTicket();
    };
    return { ...(await callerBy(known.proof)), byCookie: false, useTicket };
  }
  const login = deps.cookie.read(headers);
  return login && { ...(await callerBy(proofOf("login", login))), byCookie: true };
};

/** Whether a request has a key in its headers, which then decides. */
export const sendsKey = (headers: Headers): boolean => headers.has("authorization") || headers.has("x-api-key");

const badTicket = (): AppError => new AppError("unauthenticated", "This ticket is not valid, or it has been used.");

const keyOf = (headers: Headers): Secret<string> | undefined => {
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) throw new AppError("unauthenticated", "Authorization must be `Bearer` and a key.");
    return new Secret(token);
  }
  const key = headers.get("x-api-key");
  return key === null ? undefined : new Secret(key);
};
