import type { Socket } from "node:net";

/**
 * Lets a socket bring one chunk, 64 KiB at most, each turn of the event loop. Node reads a full socket up to 32 times before
 * it looks at the next, so 20 shells that print as fast as they can held up everybody's keys for a fifth of a second.
 */
export const takeTurns = (socket: Socket): void => {
  socket.on("data", () => {
    socket.pause();
    setImmediate(() => socket.resume());
  });
};
