import type { OpenAPIHono } from "@hono/zod-openapi";
import { problems, type Route } from "./route.ts";

type OpenApi = OpenAPIHono["openAPIRegistry"];

/** Tells the OpenAPI document how one can sign in. */
export const documentSecurity = (openApi: OpenApi, cookieName: string): void => {
  openApi.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  openApi.registerComponent("securitySchemes", "api_key", { type: "apiKey", in: "header", name: "X-API-Key" });
  openApi.registerComponent("securitySchemes", "ticket", { type: "apiKey", in: "query", name: "ticket" });
  openApi.registerComponent("securitySchemes", "login", { type: "apiKey", in: "cookie", name: cookieName });
};

/** What every call that is counted may get. */
const tooMany = {
  429: {
    ...problems(429)[429],
    headers: { "Retry-After": { description: "Seconds to wait", schema: { type: "integer" as const } } },
  },
};

/** What a call that changes something may get, when it cannot be stored. */
const notStored = problems(503);

/** Adds a route, with the permission that it needs as `x-permission`. */
export const documentRoute = (openApi: OpenApi, { meta, ...config }: Route): void => {
  const schemes = ["bearer", "api_key", ...(meta.isSocket ? ["ticket"] : []), "login"];
  const security = meta.permission === "open" ? [] : schemes.map((scheme) => ({ [scheme]: [] }));
  const { quota, hasEffect = config.method !== "get" } = meta;
  const responses = {
    ...config.responses,
    ...(quota === "none" ? {} : tooMany),
    ...(hasEffect ? notStored : {}),
  };
  openApi.registerPath({
    ...config,
    responses,
    tags: [groupOf(config.path)],
    "x-permission": meta.permission,
    security,
  });
};

/** Under which heading a reader finds it: the first word of the path that says something. */
const groupOf = (path: string): string => path.replace(/^\/api(\/v1)?/, "").split("/")[1] ?? "api";
