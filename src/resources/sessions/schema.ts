import { createRoute, z } from "@hono/zod-openapi";
import { faults } from "../../core/faults.ts";
import { parseHostKeyLine } from "../../core/host-key-line.ts";
import { endReasons } from "../../core/session-end.ts";
import { defineRoute, json, pageQuery, problems, time } from "../../http/route.ts";
import { isEmpty } from "../../http/validate.ts";
import { protocols } from "../../protocols/index.ts";
import { laterProtocols } from "./later-fields.ts";

export type { ConnectStep, Notice } from "../../core/notices.ts";
export type { EndReason } from "../../core/session-end.ts";

const sessionStatuses = ["pending", "active", "ended"] as const;

/** A session as the API shows it; absent values are null. */
export const sessionSchema = z
  .object({
    session_id: z.uuid(),
    session_type: z.string().meta({ example: "ssh" }),
    status: z.enum(sessionStatuses),
    hostname: z.string().nullable(),
    port: z.int().nullable(),
    username: z.string().nullable(),
    jump_hosts: z
      .array(
        z.object({
          hostname: z.string(),
          port: z.int(),
          username: z.string(),
          host_key: z.string().nullable().meta({ description: "The only key accepted from it, where one was given" }),
        }),
      )
      .nullable()
      .meta({ description: "The hops to the target; null for those who may not see them" }),
    url: z.string().nullable(),
    created_by: z.string(),
    created_at: time,
    started_at: time.nullable(),
    ended_at: time.nullable(),
    end_reason: z.enum(endReasons).nullable(),
    end_detail: z.string().nullable(),
    active_connections: z.int(),
    client_url: z.string(),
    ws_url: z.string(),
    share_url: z.string().nullable(),
    banner_text: z.string().nullable(),
    banner: z.string().nullable(),
    recording: z.boolean(),
    warnings: z.array(z.string()),
  })
  .openapi("Session");
export type SessionView = z.infer<typeof sessionSchema>;

const portNumber = z.int("must be 1 to 65535").min(1, "must be 1 to 65535").max(65535, "must be 1 to 65535");
const userName = z
  .string()
  .max(256, "at most 256 characters")
  .regex(/^\P{Cc}*$/u, "has control characters");
const password = z.string().max(4096, "at most 4096 characters");
const privateKey = z.string().max(32_768, "at most 32768 characters");

const hopSchema = z.strictObject({
  hostname: z.string().meta({ description: "Name or address, at most 253 characters" }),
  port: portNumber.default(22),
  username: userName,
  password: password.optional(),
  private_key: privateKey.optional(),
  passphrase: password.optional(),
  host_key: z
    .string()
    .max(4096, "at most 4096 characters")
    .refine((text) => parseHostKeyLine(text) !== undefined, "not a public host key such as ssh-ed25519 AAAA…")
    .optional()
    .meta({ description: "The only key accepted from it" }),
});
export type HopInput = z.infer<typeof hopSchema>;

/** As for a whole body: null and "" are absent everywhere, and empty values in fields that are not known. */
const withoutAbsent = (hop: unknown): unknown =>
  typeof hop === "object" && hop !== null && !Array.isArray(hop)
    ? Object.fromEntries(
        Object.entries(hop).filter(([name, value]) =>
          name in hopSchema.shape ? value !== null && value !== "" : !isEmpty(value),
        ),
      )
    : hop;

/** The single hop of older clients. */
export const legacyHopSchema = z.object({
  jump_host: hopSchema.shape.hostname,
  jump_port: hopSchema.shape.port,
  jump_username: userName,
  jump_password: password.optional(),
  jump_private_key: privateKey.optional(),
});
const legacy = (type: "string" | "integer") =>
  z.unknown().optional().openapi({ type, description: "The single hop of older clients; ignored beside jump_hosts" });

/** What every protocol understands; the protocol's own fields are checked by its settings schema. */
export const createSessionSchema = z
  .looseObject({
    session_type: z.string().nullish().meta({ description: "ssh when absent", example: "ssh" }),
    hostname: z.string().nullish().meta({ description: "Name or address, at most 253 characters" }),
    port: portNumber.nullish(),
    username: userName.nullish(),
    password: password.nullish(),
    // Templates send every field, this one as text or false too.
    jump_hosts: z
      .preprocess(
        (value) => (value === "" || value === false ? null : value),
        z.array(z.preprocess(withoutAbsent, hopSchema)).max(8, "at most 8 hops").nullish(),
      )
      .meta({ description: "SSH servers on the way, the first one first" }),
    jump_host: legacy("string"),
    jump_port: legacy("integer"),
    jump_username: legacy("string"),
    jump_password: legacy("string"),
    jump_private_key: legacy("string"),
    disable_copy: z.boolean().nullish(),
    disable_paste: z.boolean().nullish(),
    width: z.int("must be a whole number").nullish(),
    height: z.int("must be a whole number").nullish(),
    dpi: z.int("must be a whole number").nullish(),
    banner: z
      .string()
      .max(4000, "at most 4000 characters")
      .regex(/^[\P{Cc}\t\r\n]*$/u, "has control characters")
      .nullish(),
  })
  .openapi("CreateSession");
export type CreateSessionInput = z.infer<typeof createSessionSchema>;

const stepSchema = z.object({
  step: z.string().meta({ example: "sign_in" }),
  subject: z.string().meta({ example: "Hop 2, db-gw" }),
  ok: z.boolean(),
  ms: z.int(),
  cause: z.enum(faults).nullable(),
  message: z.string(),
  fix: z.array(z.string()),
});
export type DiagnosisStepView = z.infer<typeof stepSchema>;

const diagnosisSchema = z
  .object({ ok: z.boolean(), steps: z.array(stepSchema).meta({ description: "The first that fails is the last" }) })
  .openapi("Diagnosis");
export type DiagnosisView = z.infer<typeof diagnosisSchema>;

/** What the event `begin` tells; `step` carries one step, and `result` the whole answer. */
export interface DiagnosisBegin {
  readonly step: string;
  readonly subject: string;
  readonly limit_ms: number;
}

export const diagnoseSessionRoute = defineRoute(
  createRoute({
    method: "post",
    path: "/api/sessions/diagnose",
    summary: "Try the way to a target without making a session; as events (begin, step, result) when asked for them",
    request: { body: { content: { "application/json": { schema: createSessionSchema } } } },
    responses: {
      200: json(diagnosisSchema, "What was tried, and what it found"),
      ...problems(400, 401, 403, 413, 415, 429),
    },
  }),
  { permission: "session:create", quota: "session_create" },
);

const sessionId = z.object({ id: z.string() });
export const createSessionRoute = defineRoute(
  createRoute({
    method: "post",
    path: "/api/sessions",
    summary: "Make a session. Nothing is dialled until its owner attaches",
    request: { body: { content: { "application/json": { schema: createSessionSchema } } } },
    responses: { 201: json(sessionSchema, "The session, pending"), ...problems(400, 401, 403, 409, 413, 415) },
  }),
  { permission: "session:create", quota: "session_create" },
);

export const listSessionsRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/sessions",
    summary: "Sessions, newest first; other people's rows without address-book and sign-in facts",
    request: {
      query: pageQuery.extend({
        status: z.enum(sessionStatuses).optional(),
        type: z.enum([...protocols.keys(), ...laterProtocols]).optional(),
        mine: z.enum(["true", "false"]).optional(),
      }),
    },
    responses: {
      200: json(z.array(sessionSchema), "A page; the total is in X-Total-Count"),
      ...problems(400, 401, 403),
    },
  }),
  { permission: "session:list" },
);

export const getSessionRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/api/sessions/{id}",
    summary: "One session",
    request: { params: sessionId },
    responses: { 200: json(sessionSchema, "The session"), ...problems(401, 403, 404) },
  }),
  { permission: "session:read" },
);

export const endSessionRoute = defineRoute(
  createRoute({
    method: "delete",
    path: "/api/sessions/{id}",
    summary: "End a session at once: browser, guacd, target",
    request: { params: sessionId },
    responses: { 204: { description: "Ended, also when it had ended before" }, ...problems(401, 403, 404) },
  }),
  { permission: "session:end" },
);

export const attachSessionRoute = defineRoute(
  createRoute({
    method: "get",
    path: "/ws/{id}",
    summary: "The session's WebSocket (sub-protocol guacamole); a plain GET gives the same refusal, or 426",
    request: { params: sessionId },
    responses: {
      101: { description: "The tunnel is open" },
      ...problems(400, 401, 403, 404, 409, 410, 426),
    },
  }),
  { permission: "session:attach", isSocket: true },
);
