import { type RouteConfig, z } from "@hono/zod-openapi";
import type { Permission } from "../access/policy.ts";

/** Who may call a route: a permission of the policy, or everybody. */
export type RouteAccess = Permission | "open";

/** Which of the gateway's ports serve a route: the one for everybody, or the one for who runs the gateway. */
export type ListenerName = "public" | "ops";

export interface RouteMeta {
  readonly permission: RouteAccess;
  /** Changes something; true for everything but GET unless told. A GET with an effect answers HEAD with 405. */
  readonly hasEffect?: boolean;
  /** A WebSocket: a caller by cookie must show where the request comes from although it is a GET. */
  readonly isSocket?: boolean;
  /** An open route that wants to know its caller when there is one. */
  readonly readsCaller?: boolean;
  /** `public` unless told. */
  readonly listener?: ListenerName;
  /** What its calls are counted on; `api` unless told. */
  readonly quota?: "api" | "session_create" | "none";
  /** A call that ends as `unauthenticated` is a failed sign-in, of which an address has few. */
  readonly isSignIn?: boolean;
}

/** A declared route: its OpenAPI side and who may call it. A route without a permission does not type-check. */
export type Route<R extends RouteConfig = RouteConfig> = R & { readonly meta: RouteMeta };

export const defineRoute = <const R extends RouteConfig>(config: R, meta: RouteMeta): Route<R> =>
  Object.assign(config, { meta });

/** Far more rows than there will ever be, and a whole number to every database. */
const maxOffset = 2 ** 31 - 1;

/** `limit` and `offset` of every list: larger ones are clamped, anything but whole numbers is refused. */
export const pageQuery = z.object({
  limit: z
    .string()
    .regex(/^[1-9]\d*$/, "must be a whole number from 1")
    .transform((text) => Math.min(Number(text), 1000))
    .default(100)
    .openapi({ type: "integer" }),
  offset: z
    .string()
    .regex(/^\d+$/, "must be a whole number from 0")
    .transform((text) => Math.min(Number(text), maxOffset))
    .default(0)
    .openapi({ type: "integer" }),
});

export const problemSchema = z
  .object({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    error: z.string(),
    code: z.string(),
    field: z.string().optional(),
    request_id: z.string(),
  })
  .openapi("Problem");

/** A moment, in ISO 8601. */
export const time = z.string().meta({ format: "date-time" });

/** A body in JSON, with what it is, for the OpenAPI document. */
export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** The error answers of a route, for the OpenAPI document. */
export const problems = <const S extends number>(...statuses: S[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: "Problem", content: { "application/problem+json": { schema: problemSchema } } },
    ]),
  ) as Record<S, { description: string; content: { "application/problem+json": { schema: typeof problemSchema } } }>;
