import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute, json, problems } from "../../http/route.ts";

const createWsTicketSchema = z
  .strictObject({
    session_id: z.uuid("must be the id of a session").nullish().meta({
      description: "The only session that the ticket opens; absent for any that the caller may attach to",
    }),
  })
  .openapi("CreateWsTicket");

const wsTicketSchema = z
  .object({
    ticket: z.string().meta({ description: "For `?ticket=` of one WebSocket address" }),
    expires_in: z.int().meta({ description: "Seconds" }),
  })
  .openapi("WsTicket");

export const createWsTicketRoute = defineRoute(
  createRoute({
    method: "post",
    path: "/api/ws-ticket",
    summary: "A ticket that opens one WebSocket, for callers whose socket can carry no header and no cookie",
    request: { body: { content: { "application/json": { schema: createWsTicketSchema } } } },
    responses: {
      201: json(wsTicketSchema, "The ticket"),
      ...problems(400, 401, 403, 404, 409, 410, 413, 415),
    },
  }),
  { permission: "ws-ticket:create" },
);
