import { randomBytes } from "node:crypto";
import { OpenAPIHono } from "@hono/zod-openapi";
import { addressList } from "../core/address-list.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { Logger } from "../core/log.ts";
import { clientAddress } from "./client-address.ts";
import type { Environment } from "./environment.ts";
import { logRefusal } from "./log-refusal.ts";
import type { OriginGuard } from "./origin-guard.ts";
import { sentencePage } from "./page.ts";
import { type PagesDeps, pageAt } from "./pages.ts";
import { errorStatuses, problemResponse } from "./problem.ts";
import { quotaHeaders } from "./quota.ts";
import { securityHeaders } from "./security-headers.ts";
import { staticFile } from "./static-files.ts";

export interface AppDeps {
  readonly origin: OriginGuard;
  readonly pages: PagesDeps;
  /** Absolute path of public/. */
  readonly publicPath: string;
  readonly trustedProxies: readonly string[];
  readonly log: Logger;
  /** Called for each answer, 101 for an opened WebSocket. */
  readonly onAnswer: (status: number) => void;
}

/** The frame around the API: request id, access line, Host check, error answers, pages and static files. */
export const createApp = (deps: AppDeps): OpenAPIHono<Environment> => {
  const app = new OpenAPIHono<Environment>();
  const proxies = addressList(deps.trustedProxies);

  app.use(async (c, next) => {
    const startedMs = performance.now();
    const requestId = newId();
    c.set("requestId", requestId);
    c.set("nonce", randomBytes(16).toString("base64"));
    c.set("address", clientAddress(c.env.incoming, proxies.has));
    await next();
    const quota = c.get("quota");
    const headers = { ...securityHeaders, ...(quota ? quotaHeaders(quota) : {}), "X-Request-Id": requestId };
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    const principal = c.get("principal");
    const status = c.env.upgrade?.accept ? 101 : c.res.status;
    deps.onAnswer(status);
    deps.log.info(
      {
        requestId,
        method: c.req.raw.method,
        path: c.req.path.slice(0, maxLoggedPath),
        status,
        durationMs: Math.round((performance.now() - startedMs) * 10) / 10,
        address: c.get("address"),
        ...(principal ? { principalKind: principal.kind, principalId: principal.id } : {}),
      },
      "request answered",
    );
  });

  app.use(async (c, next) => {
    deps.origin.checkHost(c.req.header("host"));
    await next();
  });

  app.notFound(async (c) => {
    const { path } = c.req;
    if (isApiPath(path)) throw new AppError("not_found", "There is nothing at this address.");
    const nonce = c.get("nonce");
    const { method } = c.req.raw;
    const page = pageAt(path, nonce, deps.pages);
    if (method === "GET" || method === "HEAD") {
      const request = { headOnly: method === "HEAD", acceptEncoding: c.req.header("accept-encoding") };
      const found = page ?? (await staticFile(deps.publicPath, path, request));
      if (found) return found;
    } else if (page) {
      const headers = { Allow: "GET, HEAD, OPTIONS" };
      if (method === "OPTIONS") return new Response(null, { status: 204, headers });
      throw new AppError("method_not_allowed", `This path takes ${headers.Allow}.`, { headers });
    }
    const sentence = "There is nothing at this address.";
    return sentencePage({ title: "Not found", sentence, status: 404, nonce });
  });

  app.onError((error, c) => {
    const requestId = c.get("requestId");
    logRefusal(deps.log, error, requestId);
    if (!answersPeople(c.req.path)) return problemResponse(error, requestId);
    const known = error instanceof AppError ? error : new AppError("internal", "Internal error");
    const { code, detail, headers } = known;
    const sentence = `${detail} (${requestId})`;
    const title = "That did not work";
    const page = sentencePage({ title, sentence, status: errorStatuses[code], nonce: c.get("nonce") });
    for (const [name, value] of Object.entries(headers)) page.headers.set(name, value);
    return page;
  });

  return app;
};

const maxLoggedPath = 200;

const isApiPath = (path: string): boolean => /^\/(api|auth|ws)(\/|$)/.test(path);

/** Addresses under the API that people open by a link or a form, there already or not. */
const forPeople = ["/api/connect", "/auth/login", "/auth/callback", "/auth/logout"];

/** Errors that people read are pages. */
const answersPeople = (path: string): boolean => !isApiPath(path) || forPeople.includes(path);
