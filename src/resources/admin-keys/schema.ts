import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute, json, pageQuery, problems, time } from "../../http/route.ts";

const adminKeySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    allowed_ips: z.array(z.string()).meta({ description: "Addresses and CIDR ranges; empty = from anywhere" }),
    expires_at: time.nullable(),
    disabled: z.boolean(),
    created_at: time,
    last_used_at: time.nullable(),
  })
  .openapi("AdminKey");
export type AdminKeyView = z.infer<typeof adminKeySchema>;

/** With the key in plain text, which no later answer has. */
const freshAdminKeySchema = adminKeySchema
  .extend({ key: z.string().meta({ description: "Shown only this once" }) })
  .openapi("FreshAdminKey");
export type FreshAdminKeyView = z.infer<typeof freshAdminKeySchema>;

const createAdminKeySchema = z
  .strictObject({
    name: z.string().meta({ description: "1 to 100 printable characters, no other key's" }),
    allowed_ips: z.array(z.string()).nullish(),
    expires_at: z.iso
      .datetime({ offset: true, error: "must be a time such as 2027-01-31T00:00:00Z" })
      .nullish()
      .meta({ description: "A time to come; absent for never" }),
  })
  .openapi("CreateAdminKey");

const params = z.object({ id: z.string() });

export const listAdminKeysRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/admin/keys",
    summary: "Admin API keys, by name, without their text",
    request: { query: pageQuery },
    responses: {
      200: json(z.array(adminKeySchema), "A page; the total is in X-Total-Count"),
      ...problems(400, 401, 403),
    },
  }),
  { permission: "admin-key:list" },
);

export const createAdminKeyRoute = defineRoute(
  createRoute({
    method: "post",
    path: "/api/admin/keys",
    summary: "Make an admin API key and show it once",
    request: { body: { content: { "application/json": { schema: createAdminKeySchema } } } },
    responses: { 201: json(freshAdminKeySchema, "The key"), ...problems(400, 401, 403, 409, 413, 415) },
  }),
  { permission: "admin-key:create" },
);

export const disableAdminKeyRoute = defineRoute(
  createRoute({
    method: "post",
    path: "/api/admin/keys/{id}/disable",
    summary: "Switch a key off; its logins and live sessions end",
    request: { params },
    responses: { 200: json(adminKeySchema, "The key, disabled"), ...problems(401, 403, 404, 409) },
  }),
  { permission: "admin-key:disable" },
);

export const enableAdminKeyRoute = defineRoute(
  createRoute({
    method: "post",
    path: "/api/admin/keys/{id}/enable",
    summary: "Switch a key on again",
    request: { params },
    responses: { 200: json(adminKeySchema, "The key, enabled"), ...problems(401, 403, 404) },
  }),
  { permission: "admin-key:enable" },
);

export const rotateAdminKeyRoute = defineRoute(
  createRoute({
    method: "post",
    path: "/api/admin/keys/{id}/rotate",
    summary: "Replace a key by a fresh one and show that once; its logins end",
    request: { params },
    responses: { 200: json(freshAdminKeySchema, "The key, with its new text"), ...problems(401, 403, 404) },
  }),
  { permission: "admin-key:rotate" },
);

export const deleteAdminKeyRoute = defineRoute(
  createRoute({
    method: "delete",
    path: "/api/admin/keys/{id}",
    summary: "Delete a key; its logins and live sessions end",
    request: { params },
    responses: { 204: { description: "Deleted" }, ...problems(401, 403, 404, 409) },
  }),
  { permission: "admin-key:delete" },
);
