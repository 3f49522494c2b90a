import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute, json, problems } from "../../http/route.ts";

const aboutSchema = z
  .object({
    version: z.string(),
    node: z.string().meta({ description: "Version of Node that the gateway runs on", example: "24.21.0" }),
    guacd: z.object({
      managed: z.boolean().meta({ description: "Whether the gateway runs guacd itself" }),
      version: z.string().nullable().meta({ description: "Null when it cannot be told, as for a guacd by address" }),
      warning: z.string().nullable().meta({ description: "Why that version should not be used" }),
    }),
  })
  .openapi("About");
export type AboutView = z.infer<typeof aboutSchema>;

export const aboutRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/about",
    summary: "Which versions run here",
    responses: {
      200: json(aboutSchema, "The versions"),
      ...problems(401, 403),
    },
  }),
  { permission: "about:read" },
);
