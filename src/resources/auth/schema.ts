import { createRoute, z } from "@hono/zod-openapi";
import { roles } from "../../core/principal.ts";
import { defineRoute, json, problems } from "../../http/route.ts";

const authStatusSchema = z.object({ oidc_enabled: z.boolean(), site_title: z.string() }).openapi("AuthStatus");

export const meSchema = z
  .object({
    name: z.string(),
    email: z.string().nullable(),
    role: z.enum(roles),
    groups: z.array(z.string()),
    auth_type: z.enum(["oidc", "api_key", "user_token"]),
    vault_enabled: z.boolean(),
    vault_configured: z.boolean(),
    version: z.string(),
  })
  .openapi("Me");
export type MeView = z.infer<typeof meSchema>;

export const authStatusRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/auth/status",
    summary: "How one can sign in",
    responses: { 200: json(authStatusSchema, "Ways to sign in") },
  }),
  { permission: "open" },
);

export const meRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/me",
    summary: "Who the caller is",
    responses: { 200: json(meSchema, "The caller"), ...problems(401) },
  }),
  { permission: "self:read" },
);

export const keyLoginRoute = defineRoute(
  createRoute({
    method: "post",
    path: "/auth/key",
    summary: "Swap an API key for the login cookie, so that no key sits in browser storage",
    request: {
      body: { content: { "application/json": { schema: z.strictObject({ key: z.string().min(1).max(512) }) } } },
    },
    responses: { 204: { description: "Signed in; the cookie is set" }, ...problems(400, 401, 403, 415) },
  }),
  { permission: "open", isSignIn: true },
);

const signedOut = { 302: { description: "To the start page" }, ...problems(403) };

export const logoutByLinkRoute = defineRoute(
  createRoute({ method: "get", path: "/auth/logout", summary: "Sign out", responses: signedOut }),
  { permission: "open", hasEffect: true, readsCaller: true },
);

export const logoutRoute = defineRoute(
  createRoute({ method: "post", path: "/auth/logout", summary: "Sign out", responses: signedOut }),
  { permission: "open", readsCaller: true },
);
