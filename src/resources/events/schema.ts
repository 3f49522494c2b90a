import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute, problems } from "../../http/route.ts";

/** What `removed` tells; `session` carries one Session and `snapshot` an array of them. */
export interface RemovedSession {
  readonly session_id: string;
}

export const eventsRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/events",
    summary: "Sessions as they change, as server-sent events: snapshot, then session and removed",
    request: {
      headers: z.object({
        "last-event-id": z.string().optional().meta({ description: "Goes on behind this event, if it still can" }),
      }),
    },
    responses: {
      200: {
        description:
          "event: snapshot (an array of Session), session (one Session, whole), removed ({session_id}); the data is JSON",
        content: { "text/event-stream": { schema: z.string() } },
      },
      ...problems(401, 403),
    },
  }),
  { permission: "session:list" },
);
