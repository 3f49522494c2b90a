import type { RequestListener } from "node:http";
import type { Socket } from "node:net";

/** Requests of one connection that may wait for the answers before them. Browsers and proxies send one at a time. */
const maxWaiting = 16;

/**
 * Answers the requests of a connection one after another, however many arrive at once: else one that takes no answer could
 * have hundreds in the making. A connection with too many is cut.
 */
export const inTurn = (answer: RequestListener): RequestListener => {
  const turns = new WeakMap<Socket, { last: Promise<void>; waiting: number }>();
  return (incoming, outgoing) => {
    const { socket } = incoming;
    if (socket.destroyed) return;
    const turn = turns.get(socket) ?? { last: Promise.resolve(), waiting: 0 };
    turns.set(socket, turn);
    if (turn.waiting >= maxWaiting) {
      socket.destroy();
      return;
    }
    turn.waiting++;
    const before = turn.last;
    turn.last = new Promise((resolve) => {
      outgoing.once("close", () => {
        turn.waiting--;
        resolve();
      });
    });
    void before.then(() => {
      if (!socket.destroyed) answer(incoming, outgoing);
    });
  };
};
