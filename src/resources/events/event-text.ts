import { createHash } from "node:crypto";
import type { Principal } from "../../core/principal.ts";
import { type SessionView, toView } from "../sessions/index.ts";
import type { RemovedSession } from "./schema.ts";
import type { FeedEvent, SessionState } from "./session-feed.ts";

/** What a stream begins with: how long a browser waits before it comes back, in milliseconds. */
export const firstText = "retry: 3000\n\n";
/** Says nothing, and keeps the connection from looking dead. */
export const commentText = ":\n\n";

/** Writes events for one principal in one role, whose ids are good for nobody else. */
export const createEventText = (origin: string, principal: Principal) => {
  const viewer = createHash("sha256").update(`${origin} ${principal.kind} ${principal.id} ${principal.role}`);
  const prefix = viewer.digest("hex").slice(0, 16);
  const view = ({ session, connections }: SessionState): SessionView => toView(session, principal, connections);
  const write = (name: string, number: number, data: SessionView | SessionView[] | RemovedSession): string =>
    `event: ${name}\nid: ${prefix}.${number}\ndata: ${JSON.stringify(data)}\n\n`;
  return {
    snapshot: (number: number, states: readonly SessionState[]): string => write("snapshot", number, states.map(view)),
    event: ({ number, sessionId, state }: FeedEvent): string =>
      state ? write("session", number, view(state)) : write("removed", number, { session_id: sessionId }),
    /** The number of an id; undefined when it is not one of these. */
    numberOf: (id: string): number | undefined => {
      const [before, number = "", ...rest] = id.split(".");
      return before === prefix && /^\d{1,15}$/.test(number) && rest.length === 0 ? Number(number) : undefined;
    },
  };
};
