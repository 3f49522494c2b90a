import type { WsTickets } from "../access/ws-tickets.ts";
import type { Registry } from "../http/registry.ts";
import { type AboutDeps, mountAbout } from "./about/index.ts";
import { type AdminKeyDeps, mountAdminKeys } from "./admin-keys/index.ts";
import { mountApiDocs } from "./api-docs/index.ts";
import { type AuthRoutesDeps, mountAuth } from "./auth/index.ts";
import { type EventsDeps, mountEvents } from "./events/index.ts";
import { mountHealth } from "./health/index.ts";
import { type KnownHostStore, mountKnownHosts } from "./known-hosts/index.ts";
import { mountOps, type OpsDeps } from "./ops/index.ts";
import { mountProtocols } from "./protocols/index.ts";
import { attachSession, mountSessions, type SessionRoutesDeps } from "./sessions/index.ts";
import { mountWsTicket } from "./ws-ticket/index.ts";

/** The API: one line for each resource. */
export const mountResources = (
  registry: Registry,
  deps: {
    sessions: SessionRoutesDeps;
    auth: AuthRoutesDeps;
    tickets: WsTickets;
    events: EventsDeps;
    adminKeys: AdminKeyDeps;
    knownHosts: { store: KnownHostStore };
    about: AboutDeps;
    ops: OpsDeps;
  },
): void => {
  mountHealth(registry);
  mountAuth(registry, deps.auth);
  mountSessions(registry, deps.sessions);
  const attach = attachSession(deps.sessions);
  mountWsTicket(registry, { tickets: deps.tickets, checkAttach: (principal, id) => attach(principal, id, null) });
  mountEvents(registry, deps.events);
  mountAdminKeys(registry, deps.adminKeys);
  mountKnownHosts(registry, deps.knownHosts);
  mountAbout(registry, deps.about);
  mountProtocols(registry);
  mountApiDocs(registry, { title: deps.auth.siteTitle });
  mountOps(registry, deps.ops);
  registry.seal();
};
