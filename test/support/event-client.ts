import { once } from "node:events";
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { z } from "zod";
import { type SessionView, sessionSchema } from "../../src/resources/sessions/schema.ts";

export type ServerEvent = { readonly id: string } & (
  | { readonly event: "snapshot"; readonly data: SessionView[] }
  | { readonly event: "session"; readonly data: SessionView }
  | { readonly event: "removed"; readonly data: { readonly session_id: string } }
);

/** A reader of an event stream that remembers what came. */
export interface EventClient {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly events: readonly ServerEvent[];
  /** Whatever the stream says that is no event: its comments and its time to come back. */
  readonly others: readonly string[];
  /** Resolves with the first event that `matches`, past or future; the test's own limit bounds it. */
  waitFor(matches: (event: ServerEvent) => boolean): Promise<ServerEvent>;
  /** The last event of a session so far. */
  lastOf(sessionId: string): ServerEvent | undefined;
  /** Resolves when the gateway has ended the stream properly; rejects when it was cut. */
  readonly ended: Promise<void>;
  close(): void;
}

const serverEvent = z.discriminatedUnion("event", [
  z.object({ event: z.literal("snapshot"), id: z.string(), data: z.array(sessionSchema) }),
  z.object({ event: z.literal("session"), id: z.string(), data: sessionSchema }),
  z.object({ event: z.literal("removed"), id: z.string(), data: z.object({ session_id: z.string() }) }),
]);

export const openEvents = async (gatewayUrl: string, headers: OutgoingHttpHeaders): Promise<EventClient> => {
  const sent = request(`${gatewayUrl}/api/events`, { headers, agent: false });
  const answered = once(sent, "response");
  sent.end();
  const [response] = await answered;
  const events: ServerEvent[] = [];
  const others: string[] = [];
  const waiting = new Set<() => void>();
  let text = "";
  response.setEncoding("utf8");
  response.on("data", (chunk: string) => {
    const blocks = (text + chunk).split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s, 2)));
      if (fields.event === undefined) others.push(block);
      else events.push(serverEvent.parse({ ...fields, data: JSON.parse(fields.data ?? "null") }));
    }
    for (const look of waiting) look();
  });
  const ended = new Promise<void>((resolve, reject) => {
    response.once("end", resolve);
    response.once("error", reject);
  });
  ended.catch(() => undefined);
  return {
    status: response.statusCode,
    headers: response.headers,
    events,
    others,
    ended,
    waitFor: (matches) =>
      new Promise((resolve) => {
        const look = () => {
          const found = events.find(matches);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    lastOf: (sessionId) =>
      events.findLast(
        ({ event, data }) => event !== "snapshot" && "session_id" in data && data.session_id === sessionId,
      ),
    close: () => sent.destroy(),
  };
};
