import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute, json, problems } from "../../http/route.ts";

const protocolSchema = z
  .object({
    id: z.string().meta({ description: "For `session_type`", example: "ssh" }),
    label: z.string().meta({ example: "SSH" }),
    default_port: z.int(),
    settings_schema: z
      .record(z.string(), z.unknown())
      .meta({ description: "JSON Schema of the fields that only this protocol has, secrets left out" }),
    credential_fields: z.array(z.string()).meta({ description: "The fields that say how to sign in" }),
    admin_fields: z.array(z.string()).meta({ description: "Settings that only admins may give" }),
  })
  .openapi("Protocol");
export type ProtocolView = z.infer<typeof protocolSchema>;

export const listProtocolsRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/protocols",
    summary: "The kinds of session, with the fields of each",
    responses: {
      200: json(z.array(protocolSchema), "Every protocol that a session can be made for"),
      ...problems(401, 403),
    },
  }),
  { permission: "protocol:list" },
);
