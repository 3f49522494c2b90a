import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute } from "../../http/route.ts";

export const healthRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/health",
    summary: "Whether the process serves; touches nothing behind it",
    responses: {
      200: {
        description: "It serves",
        content: { "application/json": { schema: z.object({ status: z.literal("ok") }) } },
      },
    },
  }),
  { permission: "open" },
);
