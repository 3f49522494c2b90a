import { AppError } from "../../core/errors.ts";
import type { Registry } from "../../http/registry.ts";
import { socketQuery } from "../../http/socket-query.ts";
import type { SessionDirectory } from "../../sessions/directory.ts";
import type { Session } from "../../sessions/session.ts";
import { attachSession } from "./attach-session.ts";
import { type CreateSessionDeps, createSession } from "./create-session.ts";
import { type DiagnoseSessionDeps, diagnoseSession, silentListener } from "./diagnose-session.ts";
import { diagnosisStream, eventStreamHeaders } from "./diagnosis-stream.ts";
import { endSession } from "./end-session.ts";
import { findSession, listSessions } from "./list-sessions.ts";
import { readConnectData } from "./read-connect-data.ts";
import {
  attachSessionRoute,
  createSessionRoute,
  diagnoseSessionRoute,
  endSessionRoute,
  getSessionRoute,
  listSessionsRoute,
} from "./schema.ts";
import { toView } from "./view.ts";

export type SessionRoutesDeps = CreateSessionDeps & DiagnoseSessionDeps & { readonly directory: SessionDirectory };

export const mountSessions = (registry: Registry, deps: SessionRoutesDeps): void => {
  const view = (session: Session, principal: Parameters<typeof toView>[1]) =>
    toView(session, principal, deps.directory.attachmentCount(session.id));
  const create = createSession(deps);
  const list = listSessions(deps);
  const diagnose = diagnoseSession(deps);
  const end = endSession(deps);
  const attach = attachSession(deps);

  registry.add(createSessionRoute, async ({ actor, body, c }) => {
    const session = await create(actor, body, c.req.raw.signal);
    return { status: 201, body: view(session, actor.principal), headers: { Location: `/api/sessions/${session.id}` } };
  });

  registry.add(diagnoseSessionRoute, async ({ actor, body, c }) => {
    if (!c.req.header("accept")?.includes("text/event-stream")) {
      const begun = await diagnose(actor, body, c.req.raw.signal);
      return { status: 200, body: await begun.run(silentListener) };
    }
    const gone = new AbortController();
    const begun = await diagnose(actor, body, AbortSignal.any([gone.signal, c.req.raw.signal]));
    return new Response(diagnosisStream(begun, gone), { headers: eventStreamHeaders });
  });

  registry.add(listSessionsRoute, async ({ principal, query }) => {
    const { sessions, total } = await list(principal, query);
    return {
      status: 200,
      body: sessions.map((session) => view(session, principal)),
      headers: { "X-Total-Count": String(total) },
    };
  });

  registry.add(getSessionRoute, async ({ principal, params }) => ({
    status: 200,
    body: view(await findSession(deps.store, params.id), principal),
  }));

  registry.add(endSessionRoute, async ({ actor, params }) => {
    await end(actor, params.id);
    return { status: 204 };
  });

  registry.add(attachSessionRoute, async ({ actor, params, c }) => {
    const { session, mode } = await attach(actor.principal, params.id, socketQuery(c.req.url).get("mode"));
    const { upgrade } = c.env;
    if (!upgrade)
      throw new AppError("upgrade_required", "This address is a WebSocket.", {
        // Without "close" Node would keep the connection of a caller who asked for its end.
        headers: { Upgrade: "websocket", Connection: "close, Upgrade", "Sec-WebSocket-Version": "13" },
      });
    const data = readConnectData(new URL(c.req.url).search.slice(1));
    upgrade.accept = (socket) => deps.directory.attach(session, { socket, data, actor, mode });
    return new Response(null, { status: 204 });
  });
};
