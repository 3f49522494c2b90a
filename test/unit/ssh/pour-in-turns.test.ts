import { once } from "node:events";
import { PassThrough, Writable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { LoopTurns } from "../../../src/ssh/loop-turns.ts";
import { pourInTurns } from "../../../src/ssh/pour-in-turns.ts";

const kib = 1024;

/** Takes nothing until `open` is called, as a channel of ssh2 whose peer has closed its window, and asks nobody to wait. */
class Channel extends Writable {
  readonly taken: Buffer[] = [];
  #isOpen = false;
  #held: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 2048 * kib });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const take = () => {
      this.taken.push(chunk);
      done();
    };
    if (this.#isOpen) take();
    else this.#held = take;
  }

  open(): void {
    this.#isOpen = true;
    this.#held?.();
  }

  get takenBytes(): number {
    return Buffer.concat(this.taken).length;
  }
}

const full = (): PassThrough => {
  const from = new PassThrough({ highWaterMark: 2048 * kib });
  for (let chunk = 0; chunk < 64; chunk++) from.write(Buffer.alloc(16 * kib, chunk));
  return from;
};

test("one chunk waits for the window; when it opens, at most 64 KiB go in one turn, and all of it arrives in order", async () => {
  const [from, to] = [full(), new Channel()];
  pourInTurns(from, to, new LoopTurns());
  await turn();
  expect(to.writableLength).toBe(16 * kib);
  to.open();
  let before = to.takenBytes;
  while (to.takenBytes < 1024 * kib) {
    await turn();
    expect(to.takenBytes - before).toBeLessThanOrEqual(64 * kib);
    before = to.takenBytes;
  }
  expect([...new Set(Buffer.concat(to.taken))]).toEqual(Array.from({ length: 64 }, (_, chunk) => chunk));
});

test("a source is read to its end when the other side has closed, and nothing is written there any more", async () => {
  const [from, to] = [full(), new Channel()];
  pourInTurns(from, to, new LoopTurns());
  await turn();
  to.destroy();
  from.end();
  await once(from, "end");
  expect(to.taken).toEqual([]);
});
