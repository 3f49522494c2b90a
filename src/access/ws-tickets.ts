import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";
import type { Secret } from "../core/secret.ts";
import type { Proof } from "./authenticator.ts";
import { hashToken, newToken } from "./token.ts";

/** What a ticket stands for. */
export interface WsTicket {
  /** The credential that its maker came with, to be checked again when the ticket is used. */
  readonly proof: Proof;
  /** The only session that it opens; null for any that its maker may attach to. */
  readonly sessionId: string | null;
}

/** Tickets that open one WebSocket each for callers whose socket can carry no other credential. Only this process knows them. */
export interface WsTickets {
  readonly lifetimeSeconds: number;
  /** Throws `rate_limited` when too many wait to be used. */
  issue(ticket: WsTicket, maker: Principal): Secret<string>;
  /** What it stands for, while it is neither used nor expired. */
  find(token: Secret<string>): WsTicket | undefined;
  /** Whether it was there to be used; it never is again. */
  use(token: Secret<string>): boolean;
}

const lifetimeSeconds = 30;
const limits = { perMaker: 100, total: 10_000 };

export const createWsTickets = ({ clock }: { clock: Clock }): WsTickets => {
  /** By hash, in the order in which they expire. */
  const waiting = new Map<string, WsTicket & { readonly maker: string; readonly expiresAtMs: number }>();

  const forgetExpired = () => {
    const nowMs = clock.nowMs();
    for (const [hash, { expiresAtMs }] of waiting) {
      if (expiresAtMs > nowMs) return;
      waiting.delete(hash);
    }
  };

  return {
    lifetimeSeconds,

    issue: (ticket, { kind, id }) => {
      forgetExpired();
      const maker = `${kind} ${id}`;
      const ofMaker = [...waiting.values()].filter((other) => other.maker === maker).length;
      if (ofMaker >= limits.perMaker || waiting.size >= limits.total)
        throw new AppError("rate_limited", "Too many tickets wait to be used. Try again in half a minute.", {
          headers: { "Retry-After": String(lifetimeSeconds) },
        });
      const token = newToken("wst_");
      waiting.set(hashToken(token), { ...ticket, maker, expiresAtMs: clock.nowMs() + lifetimeSeconds * 1000 });
      return token;
    },

    find: (token) => {
      forgetExpired();
      return waiting.get(hashToken(token));
    },

    use: (token) => {
      forgetExpired();
      return waiting.delete(hashToken(token));
    },
  };
};
