import type { Authenticator } from "../../access/authenticator.ts";
import { authorize } from "../../access/authorize.ts";
import type { Registry } from "../../http/registry.ts";
import type { EventStreams } from "./event-streams.ts";
import { eventsRoute } from "./schema.ts";

export interface EventsDeps {
  readonly streams: EventStreams;
  readonly authenticator: Authenticator;
}

const headers = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store",
  // Proxies such as nginx would else hold events back.
  "X-Accel-Buffering": "no",
};

export const mountEvents = (registry: Registry, { streams, authenticator }: EventsDeps): void => {
  registry.add(eventsRoute, ({ principal, proof, c }) => {
    if (c.req.raw.method === "HEAD") return new Response(null, { headers });
    const address = c.get("address");
    const { incoming } = c.env;
    const { body } = streams.open({
      principal,
      check: async () => {
        const now = await authenticator.byProof(proof, address);
        authorize(now, "session:list");
        return now;
      },
      lastEventId: c.req.header("last-event-id"),
      cut: () => incoming.destroy(),
    });
    return new Response(body, { headers });
  });
};
