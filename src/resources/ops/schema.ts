import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute, json } from "../../http/route.ts";

const access = { permission: "open", listener: "ops", quota: "none" } as const;

export const livezRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/livez",
    summary: "Whether the process serves; otherwise it should be started anew",
    responses: { 200: json(z.object({ status: z.literal("ok") }), "It serves") },
  }),
  access,
);

const ready = z.object({ status: z.enum(["ready", "not ready"]), missing: z.array(z.string()) });
export type ReadyView = z.infer<typeof ready>;

export const readyzRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/readyz",
    summary: "Whether people should be sent here, and what is missing when not",
    responses: { 200: json(ready, "Everything is there"), 503: json(ready, "Something is missing") },
  }),
  access,
);

export const metricsRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/metrics",
    summary: "What the gateway measures, in Prometheus' text format",
    responses: { 200: { description: "The metrics", content: { "text/plain": { schema: z.string() } } } },
  }),
  access,
);
