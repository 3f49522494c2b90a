import type { Duplex } from "node:stream";
import type { Endpoint } from "../core/endpoint.ts";
import { SessionFailure } from "../core/session-end.ts";
import type { HandshakeWatch, Side } from "./handshake-watch.ts";

/** A target that has said nothing for this long is called silent. */
const silentMs = 5000;

/** One connection of guacd through a forward. Both streams end with it, each after what was still to be written. */
export class ForwardedConnection {
  readonly #target: Endpoint;
  readonly #watch: HandshakeWatch | undefined;
  readonly #sinceMs = performance.now();
  #untilMs: number | undefined;
  #isHeard = false;
  /** The target let go first. */
  #isCut = false;

  constructor(options: { guacd: Duplex; stream: Duplex; target: Endpoint; watch: HandshakeWatch | undefined }) {
    const { guacd, stream } = options;
    this.#target = options.target;
    this.#watch = options.watch;
    const cut = () => {
      this.#isCut ||= !guacd.readableEnded && !guacd.destroyed;
    };
    stream.once("end", cut);
    stream.once("close", cut);
    guacd.once("end", () => {
      this.#untilMs = performance.now();
    });
    stream.once("data", () => {
      this.#isHeard = true;
    });
    if (this.#watch) lookOn(this.#watch, { guacd, target: stream });
    pipe(guacd, stream);
    pipe(stream, guacd);
  }

  /** What was seen of the target that explains a failure of guacd. */
  failure(): SessionFailure | null {
    if (this.#isHeard) return this.#watch?.failure(this.#target) ?? null;
    const { host, port } = this.#target;
    const fail = (detail: string) => new SessionFailure("target_unreachable", detail);
    if (this.#isCut) return fail(`${host} closed the connection on port ${port} without a word.`);
    const waitedMs = (this.#untilMs ?? performance.now()) - this.#sinceMs;
    if (waitedMs < silentMs) return null;
    return fail(`${host} takes connections on port ${port} but has said nothing for ${Math.round(waitedMs / 1000)} s.`);
  }
}

const lookOn = (watch: HandshakeWatch, streams: Readonly<Record<Side, Duplex>>): void => {
  const looks = (["target", "guacd"] as const).map((side) => {
    const look = (bytes: Buffer) => {
      const sight = watch.look(side, bytes);
      if (sight === "more") return;
      // The bytes are still to be piped: a stream that is gone takes none.
      if (sight === "cut") for (const stream of Object.values(streams)) stream.destroy();
      for (const { side, look } of looks) streams[side].off("data", look);
    };
    streams[side].on("data", look);
    return { side, look };
  });
};

/** One direction. An end is passed on, so that the other direction can still finish; a break breaks both. */
const pipe = (from: Duplex, to: Duplex): void => {
  from.allowHalfOpen = true;
  from.pipe(to);
  const onClose = () => {
    if (!(from.readableEnded && from.writableFinished)) to.destroy();
  };
  if (from.destroyed) onClose();
  else from.once("close", onClose);
};
