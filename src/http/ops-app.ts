import { isIP } from "node:net";
import { OpenAPIHono } from "@hono/zod-openapi";
import { addressList } from "../core/address-list.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { Logger } from "../core/log.ts";
import type { Environment } from "./environment.ts";
import { logRefusal } from "./log-refusal.ts";
import { problemResponse } from "./problem.ts";
import { securityHeaders } from "./security-headers.ts";

/**
 * The frame around the routes for who runs the gateway: request ids and error answers. Nobody signs in here, so on loopback
 * a request must name loopback: else any web page could read along by a name that it points there (DNS rebinding).
 */
export const createOpsApp = ({ listenHost, log }: { listenHost: string; log: Logger }): OpenAPIHono<Environment> => {
  const app = new OpenAPIHono<Environment>();
  app.use(async (c, next) => {
    const requestId = newId();
    c.set("requestId", requestId);
    c.set("address", c.env.incoming.socket.remoteAddress ?? "");
    await next();
    for (const [name, value] of Object.entries({ ...securityHeaders, "X-Request-Id": requestId }))
      c.res.headers.set(name, value);
    log.debug({ requestId, path: c.req.path.slice(0, 200), status: c.res.status }, "ops request answered");
  });
  app.use(async (c, next) => {
    if (isLoopback(listenHost) && !isLoopback(hostnameOf(c.req.header("host"))))
      throw new AppError("misdirected", "This listener is on loopback and answers to 127.0.0.1, [::1] and localhost.");
    await next();
  });
  app.notFound(() => {
    throw new AppError("not_found", "There is nothing at this address.");
  });
  app.onError((error, c) => {
    const requestId = c.get("requestId");
    logRefusal(log, error, requestId);
    return problemResponse(error, requestId);
  });
  return app;
};

const loopback = addressList(["127.0.0.0/8", "::1/128"]);
const isLoopback = (host: string): boolean => host === "localhost" || (isIP(host) !== 0 && loopback.has(host));

/** Without port and brackets; the port may be another one, that of a tunnel. */
const hostnameOf = (host = ""): string => URL.parse(`http://${host}`)?.hostname.replace(/^\[|\]$/g, "") ?? "";
