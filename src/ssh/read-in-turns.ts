import type { Socket } from "node:net";
import type { LoopTurns } from "./loop-turns.ts";

/** More than what keys and their echo bring. */
const muchBytes = 8 * 1024;

/**
 * Lets a socket that brings much bring one chunk, 64 KiB at most, and then wait for its turn. Node reads a full socket up to
 * 32 times before it looks at the next, and all of them in one turn: with 20 shells that print as fast as they can everybody's
 * keys would wait a fifth of a second.
 */
export const readInTurns = (socket: Socket, turns: LoopTurns): void => {
  socket.on("data", (chunk: Buffer) => {
    if (chunk.length < muchBytes) return;
    socket.pause();
    turns.take(() => socket.resume());
  });
};
