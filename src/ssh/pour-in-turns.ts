import type { Readable, Writable } from "node:stream";
import type { LoopTurns } from "./loop-turns.ts";

/** In one turn at most, and a chunk. */
const turnBytes = 64 * 1024;

/**
 * As `pipe`, without ending the other side, for channels of ssh2: those take 2 MiB before they ask to wait, and encrypt all
 * of it at once when their peer opens its window again. Here one chunk waits for the window, and what lies behind it goes in
 * turns. What comes when the other side has closed is dropped.
 */
export const pourInTurns = (from: Readable, to: Writable, turns: LoopTurns): void => {
  let poured = 0;
  const goOn = () => {
    poured = 0;
    from.resume();
  };
  const pour = (chunk: Buffer) => {
    if (!to.writable) return;
    poured += chunk.length;
    let isHeld = false;
    to.write(chunk, () => isHeld && turns.take(goOn));
    isHeld = to.writableLength > 0;
    if (isHeld || poured >= turnBytes) from.pause();
    if (!isHeld && poured >= turnBytes) turns.take(goOn);
  };
  from.on("data", pour);
  to.once("close", goOn);
};
