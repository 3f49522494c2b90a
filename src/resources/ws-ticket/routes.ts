import type { Registry } from "../../http/registry.ts";
import { type CreateWsTicketDeps, createWsTicket } from "./create-ws-ticket.ts";
import { createWsTicketRoute } from "./schema.ts";

export const mountWsTicket = (registry: Registry, deps: CreateWsTicketDeps): void => {
  const create = createWsTicket(deps);

  registry.add(createWsTicketRoute, async ({ principal, proof, body }) => {
    const ticket = await create({ principal, proof, sessionId: body.session_id ?? null });
    return { status: 201, body: { ticket: ticket.reveal(), expires_in: deps.tickets.lifetimeSeconds } };
  });
};
