import type { RequestListener } from "node:http";
import type { Duplex } from "node:stream";

/** Requests of one connection that may wait for the answers before them. Browsers and proxies send one at a time. */
const maxWaiting = 16;

/** Answers requests, and knows how many of a connection are not answered yet. */
export interface InTurn {
  readonly handle: RequestListener;
  /** Undefined for a connection that has not sent any. */
  unanswered(socket: Duplex): number | undefined;
}

/**
 * Answers the requests of a connection one after another, however many arrive at once: else one that takes no answer could
 * have hundreds in the making. A connection with too many is cut.
 */
export const inTurn = (answer: RequestListener): InTurn => {
  const turns = new WeakMap<Duplex, { last: Promise<void>; unanswered: number }>();
  return {
    handle: (incoming, outgoing) => {
      const { socket } = incoming;
      if (socket.destroyed) return;
      const turn = turns.get(socket) ?? { last: Promise.resolve(), unanswered: 0 };
      turns.set(socket, turn);
      if (turn.unanswered >= maxWaiting) {
        socket.destroy();
        return;
      }
      turn.unanswered++;
      const before = turn.last;
      turn.last = new Promise((resolve) => {
        outgoing.once("close", () => {
          turn.unanswered--;
          resolve();
        });
      });
      void before.then(() => {
        if (!socket.destroyed) answer(incoming, outgoing);
      });
    },
    unanswered: (socket) => turns.get(socket)?.unanswered,
  };
};
