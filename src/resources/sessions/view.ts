import { may } from "../../access/authorize.ts";
import { toRfc3339 } from "../../core/clock.ts";
import type { Principal } from "../../core/principal.ts";
import type { Session } from "../../sessions/session.ts";
import type { SessionView } from "./schema.ts";

export const isOwner = (principal: Principal, session: Session): boolean =>
  principal.kind === session.owner.kind && principal.id === session.owner.id;

/** A session as `principal` may see it: others' rows tell no sign-in facts, except to those who see all. */
export const toView = (session: Session, principal: Principal, activeConnections: number): SessionView => {
  const mine = isOwner(principal, session);
  const seesSignIn = mine || may(principal, "session:see-all");
  const banner = mine ? session.bannerText : null;
  return {
    session_id: session.id,
    session_type: session.protocol,
    status: session.status,
    hostname: session.hostname,
    port: session.port,
    username: seesSignIn ? session.username : null,
    jump_hosts: seesSignIn
      ? session.hops.map(({ host, port, username, hostKey }) => ({
          hostname: host,
          port,
          username,
          host_key: hostKey,
        }))
      : null,
    url: null,
    created_by: session.createdBy,
    created_at: toRfc3339(session.createdAtMs),
    started_at: session.startedAtMs === null ? null : toRfc3339(session.startedAtMs),
    ended_at: session.endedAtMs === null ? null : toRfc3339(session.endedAtMs),
    end_reason: session.endReason,
    end_detail: session.endDetail,
    active_connections: activeConnections,
    client_url: `/client/${session.id}`,
    ws_url: `/ws/${session.id}`,
    share_url: null,
    banner_text: banner,
    banner,
    recording: false,
    warnings: [...session.warnings],
  };
};
