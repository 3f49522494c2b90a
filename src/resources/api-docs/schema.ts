import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute } from "../../http/route.ts";

export const apiDocsRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/v1/api-docs",
    summary: "This document",
    responses: {
      200: {
        description: "OpenAPI 3.1, made from the routes themselves",
        content: { "application/json": { schema: z.looseObject({ openapi: z.string() }) } },
      },
    },
  }),
  { permission: "open" },
);
