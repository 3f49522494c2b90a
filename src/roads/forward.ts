import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type DoorGuard, openDoor, type RefusedVisitor } from "../core/door.ts";
import type { Endpoint, Road } from "../core/endpoint.ts";
import type { Logger } from "../core/log.ts";
import { SessionFailure } from "../core/session-end.ts";
import { ForwardedConnection } from "./forwarded-connection.ts";
import type { HandshakeWatch } from "./handshake-watch.ts";

/** A way for guacd to one target by a port of the gateway. */
export interface Forward {
  /** Where guacd is sent. */
  readonly endpoint: Endpoint;
  /**
   * What is known of the target when guacd says that it failed: why the latest connection could not be dialled, or what
   * was seen of it. Null when the target did nothing that would explain it.
   */
  cause(): SessionFailure | null;
  /** Stops listening and cuts every connection at once. */
  close(): void;
}

/** FreeRDP has one connection at a time, two to an RD gateway, and a new try may begin before the last is gone. */
const maxConnections = 8;

/**
 * Dials the target, then lets guacd through a door until it is closed. The first of them takes the
 * stream that is open already, each later one a stream of its own. Rejects as the road does, before guacd is asked.
 */
export const openForward = async (options: {
  road: Road;
  target: Endpoint;
  guard: DoorGuard;
  signal: AbortSignal;
  /** Makes what looks on at one connection. */
  watch?: (() => HandshakeWatch) | undefined;
  log: Logger;
}): Promise<Forward> => {
  const { road, target, guard, signal, watch, log } = options;
  const closing = new AbortController();
  const open = new Set<Duplex>();
  const keep = <T extends Duplex>(stream: T): T => {
    open.add(stream);
    stream.on("error", () => undefined);
    stream.once("close", () => open.delete(stream));
    if (closing.signal.aborted) stream.destroy();
    return stream;
  };
  let visitors = 0;
  let unused: Duplex | undefined;
  let failure: SessionFailure | null = null;
  let latest: ForwardedConnection | undefined;

  const dial = async (gone: AbortSignal): Promise<Duplex> => {
    const first = unused;
    unused = undefined;
    // A target may have closed it before guacd came.
    if (first && !first.destroyed && !first.readableEnded) return first;
    return keep(await road.connect(target, AbortSignal.any([closing.signal, gone])));
  };
  const onVisitor = async (guacd: Socket): Promise<void> => {
    if (guacd.destroyed || visitors >= maxConnections) return void guacd.destroy();
    visitors++;
    const gone = new AbortController();
    keep(guacd).once("close", () => {
      visitors--;
      gone.abort();
    });
    // Whoever says its last word before there is a target has left.
    guacd.once("end", () => gone.abort());
    try {
      const stream = await dial(gone.signal);
      failure = null;
      latest = new ForwardedConnection({ guacd, stream, target, watch: watch?.() });
    } catch (error) {
      guacd.destroy();
      if (!(error instanceof SessionFailure)) return;
      failure = error;
      log.info({ err: error.cause, endReason: error.end.reason }, "forward could not dial again");
    }
  };

  unused = keep(await road.connect(target, signal));
  try {
    const onRefused = (visitor: RefusedVisitor) => log.warn(visitor, "forward visitor refused");
    const door = await openDoor({ guard, onVisitor, onRefused, allowHalfOpen: true });
    return {
      endpoint: door.endpoint,
      cause: () => failure ?? latest?.failure() ?? null,
      close: () => {
        closing.abort();
        door.close();
        for (const stream of open) stream.destroy();
      },
    };
  } catch (error) {
    unused.destroy();
    throw error;
  }
};
