import { encodeInstruction } from "../../../src/guacd/instruction.ts";
import { nowUs } from "./clock.ts";
import type { RawClient } from "./raw-browser.ts";

const sync = "4.sync,";

/** Reads what a paced guacd sends, answers each frame as a browser does, and knows how long it took to come. */
export class PacedBrowser {
  /** Microseconds from guacd's write to our read, one for each frame since the last `forget`. */
  framesUs: number[] = [];
  /** Resolves when the first picture is there. */
  readonly begun: Promise<void>;
  readonly #begin: () => void;
  readonly #client: RawClient;
  /** The end of what came, while a frame's last instruction is not whole. */
  #tail = nothing;

  constructor(client: RawClient) {
    this.#client = client;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.begun = promise;
    this.#begin = resolve;
    client.onData = (payload) => this.#read(payload);
  }

  leave(): void {
    this.#client.destroy();
  }

  forget(): void {
    this.framesUs = [];
  }

  /** A key whose keysym says when it was pressed. */
  pressKey(): void {
    this.#client.send(encodeInstruction(["key", String(nowUs()), "0"]));
  }

  #read(payload: Buffer): void {
    const data = this.#tail.length > 0 ? Buffer.concat([this.#tail, payload]) : payload;
    let at = 0;
    for (let start = data.indexOf(sync); start >= 0; start = data.indexOf(sync, at)) {
      const end = data.indexOf(";", start);
      if (end < 0) break;
      const sentUs = data.toString("latin1", data.indexOf(".", start + sync.length) + 1, end);
      this.framesUs.push(nowUs() - Number(sentUs));
      this.#begin();
      this.#client.send(encodeInstruction(["sync", sentUs]));
      at = end + 1;
    }
    this.#tail = data.at(-1) === semicolon ? nothing : Buffer.from(data.subarray(Math.max(at, data.length - 64)));
  }
}

const semicolon = 0x3b;
const nothing = Buffer.alloc(0);
