import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute, json } from "../../http/route.ts";

export const apiDocsRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/v1/api-docs",
    summary: "This document",
    responses: {
      200: json(z.looseObject({ openapi: z.string() }), "OpenAPI 3.1, made from the routes themselves"),
    },
  }),
  { permission: "open" },
);
