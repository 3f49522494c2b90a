import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute, json } from "../../http/route.ts";

export const healthRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/health",
    summary: "Whether the process serves; touches nothing behind it",
    responses: {
      200: json(z.object({ status: z.literal("ok") }), "It serves"),
    },
  }),
  { permission: "open", quota: "none" },
);
