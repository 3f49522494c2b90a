import type { SessionView } from "../../src/resources/sessions/schema.ts";
import { pendingSession } from "./session-scenarios.ts";

/**
 * For `addInitScript`: answers `GET /api/events` inside the page with a stream that stays open, so that a test decides what
 * the list shows. In the page, `pushEvent(name, data)` sends one more event, and `cutEvents()` breaks the stream; what the page
 * then asks for goes to the gateway.
 */
export const fakeEvents = (sessions: readonly SessionView[]): string => `(() => {
  const real = fetch;
  let isCut = false;
  globalThis.fetch = (input, init) => {
    if (isCut || String(input) !== "/api/events") return real(input, init);
    const body = new ReadableStream({
      start(controller) {
        const encoder = new TextEncoder();
        globalThis.pushEvent = (name, data) =>
          controller.enqueue(encoder.encode("event: " + name + "\\ndata: " + JSON.stringify(data) + "\\n\\n"));
        globalThis.cutEvents = () => {
          isCut = true;
          controller.error(new TypeError("network error"));
        };
        pushEvent("snapshot", ${JSON.stringify(sessions)});
        init.signal.addEventListener("abort", () => controller.error(init.signal.reason));
      },
    });
    return Promise.resolve(new Response(body, { headers: { date: new Date().toUTCString() } }));
  };
})();`;

/** A running session of that owner, `minutes` old, with other fields as given. */
export const runningSession = (owner: string, minutes: number, fields: Partial<SessionView> = {}): SessionView => {
  const at = new Date(Date.now() - minutes * 60_000).toISOString();
  const id = crypto.randomUUID();
  return {
    ...pendingSession,
    session_id: id,
    status: "active",
    hostname: "10.20.4.11",
    username: "deploy",
    created_by: owner,
    created_at: at,
    started_at: at,
    active_connections: 1,
    client_url: `/client/${id}`,
    ...fields,
  };
};
