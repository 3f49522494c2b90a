import { createRoute, z } from "@hono/zod-openapi";
import { keyOrigins, keyStates } from "../../core/known-key.ts";
import { defineRoute, json, pageQuery, problems, time } from "../../http/route.ts";

const knownHostSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(["ssh", "rdp"]).meta({ description: "An SSH host key, or the certificate of an RDP host" }),
    path: z.string().meta({ description: "The hops in front; empty for a host that is reached directly" }),
    host: z.string().meta({ description: "Or the patterns, or the hashed name, of an imported known_hosts file" }),
    port: z.int().nullable().meta({ description: "null where host says it" }),
    key_type: z.string().meta({ example: "ssh-ed25519", description: "x509 for a certificate" }),
    public_key: z.string().meta({ description: "In base64: as in a known_hosts file, or a certificate's DER" }),
    fingerprint: z.string().meta({ example: "SHA256:…" }),
    state: z.enum(keyStates).meta({ description: "pending waits for approval; revoked is always refused" }),
    origin: z.enum(keyOrigins).meta({ description: "Who vouches for it; session: nobody but the one that met it" }),
    first_seen_at: time,
    first_seen_by: z.string().meta({ description: "Whose session met the key first, or who imported it" }),
    last_seen_at: time.nullable(),
    last_seen_by: z.string().nullable(),
    decided_at: time.nullable().meta({ description: "When it was approved or imported" }),
    decided_by: z.string().nullable(),
  })
  .openapi("KnownHost");
export type KnownHostView = z.infer<typeof knownHostSchema>;

export const listKnownHostsRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/admin/known-hosts",
    summary: "Host keys and certificates that are known, those that wait for approval first",
    request: { query: pageQuery },
    responses: {
      200: json(z.array(knownHostSchema), "A page; the total is in X-Total-Count"),
      ...problems(400, 401, 403),
    },
  }),
  { permission: "known-host:list" },
);

export const approveKnownHostRoute = defineRoute(
  createRoute({
    method: "post",
    path: "/api/admin/known-hosts/{id}/approve",
    summary: "Trust a key for its place, in the stead of all others there",
    request: { params: z.object({ id: z.string() }) },
    responses: { 200: json(knownHostSchema, "Trusted"), ...problems(401, 403, 404, 409) },
  }),
  { permission: "known-host:approve" },
);

export const forgetKnownHostRoute = defineRoute(
  createRoute({
    method: "delete",
    path: "/api/admin/known-hosts/{id}",
    summary: "Forget a key, so that the next connection meets its host as for the first time",
    request: { params: z.object({ id: z.string() }) },
    responses: { 204: { description: "Forgotten" }, ...problems(401, 403, 404) },
  }),
  { permission: "known-host:forget" },
);
