import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute, json, pageQuery, problems, time } from "../../http/route.ts";

const knownHostSchema = z
  .object({
    id: z.uuid(),
    path: z.string().meta({ description: "The hops in front; empty for a host that is reached directly" }),
    host: z.string(),
    port: z.int(),
    key_type: z.string().meta({ example: "ssh-ed25519" }),
    public_key: z.string().meta({ description: "In base64, as in a known_hosts file" }),
    fingerprint: z.string().meta({ example: "SHA256:…" }),
    first_seen_at: time,
    first_seen_by: z.string().meta({ description: "Whose session met the key first" }),
    last_seen_at: time,
  })
  .openapi("KnownHost");
export type KnownHostView = z.infer<typeof knownHostSchema>;

export const listKnownHostsRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/admin/known-hosts",
    summary: "SSH host keys that are trusted, by host, port and path",
    request: { query: pageQuery },
    responses: {
      200: json(z.array(knownHostSchema), "A page; the total is in X-Total-Count"),
      ...problems(400, 401, 403),
    },
  }),
  { permission: "known-host:list" },
);

export const forgetKnownHostRoute = defineRoute(
  createRoute({
    method: "delete",
    path: "/api/admin/known-hosts/{id}",
    summary: "Forget a key, so that the next connection trusts the key it meets",
    request: { params: z.object({ id: z.string() }) },
    responses: { 204: { description: "Forgotten" }, ...problems(401, 403, 404) },
  }),
  { permission: "known-host:forget" },
);
