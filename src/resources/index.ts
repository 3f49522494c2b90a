import type { Registry } from "../http/registry.ts";
import { mountApiDocs } from "./api-docs/index.ts";
import { type AuthRoutesDeps, mountAuth } from "./auth/index.ts";
import { mountHealth } from "./health/index.ts";
import { mountSessions, type SessionRoutesDeps } from "./sessions/index.ts";

/** The API: one line for each resource. */
export const mountResources = (
  registry: Registry,
  deps: { sessions: SessionRoutesDeps; auth: AuthRoutesDeps },
): void => {
  mountHealth(registry);
  mountAuth(registry, deps.auth);
  mountSessions(registry, deps.sessions);
  mountApiDocs(registry, { title: deps.auth.siteTitle });
  registry.seal();
};
