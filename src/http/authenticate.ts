import type { Authenticator } from "../access/authenticator.ts";
import { AppError } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";
import { Secret } from "../core/secret.ts";
import type { LoginCookie } from "./cookie.ts";

/** Who sent a request, and whether the browser added the credential by itself (then the request's origin matters). */
export interface Caller {
  readonly principal: Principal;
  readonly byCookie: boolean;
}

/**
 * Reads the credential of a request: Bearer, else X-API-Key, else the ticket of a WebSocket, else the login cookie. The first that is present decides;
 * a wrong one is `unauthenticated` and the next is not tried. Resolves to undefined when there is none.
 */
export const authenticate = async (
  { headers, address, ticket }: { headers: Headers; address: string; ticket: string | null },
  deps: { authenticator: Authenticator; cookie: LoginCookie },
): Promise<Caller | undefined> => {
  const key = keyOf(headers);
  if (key) return { principal: await deps.authenticator.byKey(key, address), byCookie: false };
  // No ticket has been given out yet, so none is good.
  if (ticket !== null) throw new AppError("unauthenticated", "This ticket is not valid.");
  const cookie = deps.cookie.read(headers);
  if (cookie) return { principal: await deps.authenticator.byLogin(cookie, address), byCookie: true };
  return undefined;
};

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
