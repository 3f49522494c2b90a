import type { Proof } from "../../access/authenticator.ts";
import { authorize } from "../../access/authorize.ts";
import type { WsTickets } from "../../access/ws-tickets.ts";
import type { Principal } from "../../core/principal.ts";
import type { Secret } from "../../core/secret.ts";

export interface CreateWsTicketDeps {
  readonly tickets: WsTickets;
  /** Throws what attaching to that session would be refused with. */
  readonly checkAttach: (principal: Principal, sessionId: string) => Promise<unknown>;
}

/** A ticket for the caller, good for one session when that is named. Throws as `checkAttach`, and `rate_limited`. */
export const createWsTicket =
  ({ tickets, checkAttach }: CreateWsTicketDeps) =>
  async (request: {
    readonly principal: Principal;
    readonly proof: Proof;
    readonly sessionId: string | null;
  }): Promise<Secret<string>> => {
    const { principal, proof, sessionId } = request;
    authorize(principal, "ws-ticket:create");
    if (sessionId !== null) await checkAttach(principal, sessionId);
    return tickets.issue({ proof, sessionId }, principal);
  };
