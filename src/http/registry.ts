import { type OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Authenticator, Proof } from "../access/authenticator.ts";
import { authorize } from "../access/authorize.ts";
import type { WsTickets } from "../access/ws-tickets.ts";
import { AppError } from "../core/errors.ts";
import type { Actor, Principal } from "../core/principal.ts";
import { Secret } from "../core/secret.ts";
import { authenticate, type Caller, type OfferedTicket, sendsKey } from "./authenticate.ts";
import type { LoginCookie } from "./cookie.ts";
import { documentRoute, documentSecurity } from "./document.ts";
import type { Environment, UpgradeSlot } from "./environment.ts";
import type { OriginGuard } from "./origin-guard.ts";
import type { RateLimits } from "./rate-limits.ts";
import { readJsonObject, refuseTooLarge } from "./read-body.ts";
import type { ListenerName, Route } from "./route.ts";
import { socketQuery } from "./socket-query.ts";
import { validate, withoutAbsent } from "./validate.ts";

type Schema<T> = T extends z.ZodType ? z.output<T> : undefined;
type BodySchema<R extends RouteConfig> = R["request"] extends {
  body: { content: { "application/json": { schema: infer S } } };
}
  ? Schema<S>
  : undefined;
type Part<R extends RouteConfig, K extends "params" | "query"> =
  R["request"] extends Record<K, infer S> ? Schema<S> : undefined;
type JsonBody<A> = A extends { content: { "application/json": { schema: infer S } } }
  ? S extends z.ZodType
    ? z.input<S>
    : never
  : undefined;

/** What a handler may answer: a success status that the route declares, with that status' body. */
export type Answer<R extends RouteConfig> = {
  [S in keyof R["responses"] & (200 | 201 | 204 | 302)]: {
    readonly status: S;
    readonly body?: JsonBody<R["responses"][S]>;
    readonly headers?: Record<string, string>;
  };
}[keyof R["responses"] & (200 | 201 | 204 | 302)];

export interface Call<R extends RouteConfig> {
  readonly params: Part<R, "params">;
  readonly query: Part<R, "query">;
  readonly body: BodySchema<R>;
  /** Who calls, as the audit keeps it. Throws `unauthenticated` on an open route without a credential. */
  readonly actor: Actor;
  readonly principal: Principal;
  /** What the caller is known by. */
  readonly proof: Proof;
  readonly caller: Caller | undefined;
  readonly c: Context<Environment>;
}

export interface Registry {
  /** Mounts a declared route: authentication, origin, permission and input checks come before `handler`. */
  add<R extends RouteConfig>(
    route: Route<R>,
    handler: (call: Call<NoInfer<R>>) => Answer<NoInfer<R>> | Response | Promise<Answer<NoInfer<R>> | Response>,
  ): void;
  /** Call after the last `add`: wrong verbs answer 405 with Allow, OPTIONS 204. */
  seal(): void;
  /** OpenAPI 3.1, of the public routes. */
  document(info: { title: string; version: string }): object;
}

export const createRegistry = (deps: {
  /** One for each listener; a route is mounted on the one that it declares and nowhere else. */
  apps: Readonly<Record<ListenerName, OpenAPIHono<Environment>>>;
  authenticator: Authenticator;
  cookie: LoginCookie;
  tickets: WsTickets;
  origin: OriginGuard;
  rateLimits: RateLimits;
  bodyTimeoutMs: number;
}): Registry => {
  const { apps, origin, rateLimits } = deps;
  const routes: Route[] = [];
  documentSecurity(apps.public.openAPIRegistry, deps.cookie.name);

  const callerOf = async (c: Context<Environment>, route: Route): Promise<Caller | undefined> => {
    if (route.meta.permission === "open" && !route.meta.readsCaller) return undefined;
    const ticket = route.meta.isSocket ? offeredTicket(c) : undefined;
    const found = authenticate({ headers: c.req.raw.headers, address: c.get("address"), ticket }, deps);
    // On an open route a dead credential is as good as none: signing out must work with an expired cookie.
    const caller = route.meta.permission === "open" ? await found.catch(noCaller) : await found;
    if (caller) {
      c.set("principal", caller.principal);
      c.env.onKnown();
    }
    return caller;
  };

  const countedCallerOf = async (c: Context<Environment>, route: Route): Promise<Caller | undefined> => {
    const caller = await callerOf(c, route).catch((error) => {
      rateLimits.count(c, route.meta, undefined);
      if (isUnauthenticated(error) && sendsKey(c.req.raw.headers)) rateLimits.countWrongKey(c);
      throw error;
    });
    rateLimits.count(c, route.meta, caller?.principal);
    return caller;
  };

  const add: Registry["add"] = (route, handler) => {
    routes.push(route);
    const app = appOf(apps, route);
    documentRoute(app.openAPIRegistry, route);
    const { permission, hasEffect = route.method !== "get", isSocket = false, isSignIn = false } = route.meta;
    app.on(route.method.toUpperCase(), honoPath(route.path), async (c) => {
      if (c.req.raw.method === "HEAD" && hasEffect) throw methodNotAllowed(routes, route.path);
      const caller = await countedCallerOf(c, route);
      if (permission !== "open") {
        if (!caller) throw new AppError("unauthenticated", "Sign in first, or send an API key.");
        if (caller.byCookie && (hasEffect || isSocket)) origin.checkOrigin(c.req.raw.headers);
        authorize(caller.principal, permission);
      }
      const answer = await answerOf(async () => {
        const call = await readCall(route, caller, c, deps.bodyTimeoutMs);
        const work = async () => handler(call);
        return isSignIn ? rateLimits.signIn(c, work) : work();
      }, c.req.raw.signal);
      if (c.env.upgrade?.accept) useTicket(caller, c.env.upgrade);
      return answer instanceof Response ? answer : toResponse(answer);
    });
  };

  const seal = () => {
    for (const [path, route] of new Map(routes.map((each) => [each.path, each])))
      appOf(apps, route).all(honoPath(path), (c) => {
        if (c.req.method === "OPTIONS")
          return new Response(null, { status: 204, headers: { Allow: allowed(routes, path) } });
        throw methodNotAllowed(routes, path);
      });
  };

  const document = (info: { title: string; version: string }) =>
    apps.public.getOpenAPI31Document({ openapi: "3.1.0", info });

  return { add, seal, document };
};

const appOf = <A>(apps: Readonly<Record<ListenerName, A>>, { meta }: Route): A => apps[meta.listener ?? "public"];

const offeredTicket = (c: Context<Environment>): OfferedTicket | undefined => {
  const token = socketQuery(c.req.url).get("ticket");
  return token === null ? undefined : { token: new Secret(token), sessionId: c.req.param("id") };
};

/** The last step before an upgrade is granted; of two upgrades with one ticket the later finds it gone and is refused. */
const useTicket = (caller: Caller | undefined, upgrade: UpgradeSlot): void => {
  try {
    caller?.useTicket?.();
  } catch (error) {
    delete upgrade.accept;
    throw error;
  }
};

/** A caller who hangs up stops the work; that is no fault of ours, and nobody reads the answer. */
const answerOf = async <A>(work: () => Promise<A>, signal: AbortSignal): Promise<A> => {
  try {
    return await work();
  } catch (error) {
    throw signal.aborted ? new AppError("invalid_request", "The caller went away.") : error;
  }
};

const isUnauthenticated = (error: unknown): boolean => error instanceof AppError && error.code === "unauthenticated";

const noCaller = (error: unknown): undefined => {
  if (isUnauthenticated(error)) return undefined;
  throw error;
};

/**
 * Checks the parts of a request against the route's own schemas. The compiler cannot follow a schema from the route's type
 * to its value, so the one cast of this file stands here: each part was parsed by exactly the schema its type comes from.
 */
const readCall = async <R extends RouteConfig>(
  route: Route<R>,
  caller: Caller | undefined,
  c: Context<Environment>,
  bodyTimeoutMs: number,
): Promise<Call<R>> => {
  refuseTooLarge(c.req.raw);
  const body = jsonSchema(route.request?.body?.content);
  const call = {
    params: parsePart(route.request?.params, c.req.param()),
    query: parsePart(route.request?.query, c.req.query()),
    body: body && validate(body, withoutAbsent(body, await readJsonObject(c.req.raw, bodyTimeoutMs))),
    get principal() {
      return known(caller).principal;
    },
    get proof() {
      return known(caller).proof;
    },
    get actor() {
      return { principal: known(caller).principal, requestId: c.get("requestId"), address: c.get("address") };
    },
    caller,
    c,
  };
  return call as Call<R>;
};

const parsePart = (schema: unknown, input: unknown): unknown =>
  schema instanceof z.ZodType ? validate(schema, input) : undefined;

const jsonSchema = (content: object | undefined): z.ZodType | undefined => {
  const media = content && Object.entries(content).find(([type]) => type === "application/json")?.[1];
  return media?.schema instanceof z.ZodType ? media.schema : undefined;
};

const known = (caller: Caller | undefined): Caller => {
  if (!caller) throw new AppError("unauthenticated", "Sign in first, or send an API key.");
  return caller;
};

const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

const allowed = (routes: readonly Route[], path: string): string => {
  const here = routes.filter((route) => route.path === path);
  const methods = here.map((route) => route.method.toUpperCase());
  if (here.some((route) => route.method === "get" && !route.meta.hasEffect)) methods.push("HEAD");
  return [...methods, "OPTIONS"].join(", ");
};

const methodNotAllowed = (routes: readonly Route[], path: string): AppError => {
  const allow = allowed(routes, path);
  return new AppError("method_not_allowed", `This path takes ${allow}.`, { headers: { Allow: allow } });
};

const toResponse = ({
  status,
  body,
  headers,
}: {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}): Response => {
  if (body === undefined) return new Response(null, { status, headers: { "Cache-Control": "no-store", ...headers } });
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
  });
};
