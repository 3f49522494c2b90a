import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import GuacamoleParser from "guacamole-lite/lib/vendor/GuacamoleParser.js";
import { describeAddress, type GuacdAddress } from "./guacd-address.ts";
import { GuacdProtocolError } from "./guacd-protocol-error.ts";
import { encodeInstruction } from "./instruction.ts";
import { chunkTextOf, endOfInstruction } from "./instruction-bounds.ts";

/** Opens the socket to a guacd, without Nagle. The caller destroys it. Rejects when there is none within `timeoutMs`. */
export const dialGuacd = async (address: GuacdAddress, timeoutMs: number, signal: AbortSignal): Promise<Socket> => {
  const { host, port, tls } = address;
  const socket = tls
    ? connectTls({ host, port, ...(tls.ca === null ? {} : { ca: tls.ca }) })
    : connectTcp({ host, port });
  socket.setNoDelay(true);
  // Every error is followed by `close`, which is what its readers hear.
  socket.on("error", () => undefined);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    await once(socket, tls ? "secureConnect" : "connect", { signal: limit });
    return socket;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    const why = limit.aborted ? `no answer within ${timeoutMs / 1000} s` : "connection failed";
    throw new GuacdLost(`guacd at ${describeAddress(address)}: ${why}`, { cause: error, isUnreachable: true });
  }
};

/** Says goodbye and lets go of the socket once that is written, after half a second whatever happens. */
export const hangUp = (socket: Socket): void => {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const limit = setTimeout(() => socket.destroy(), hangUpLimitMs);
  socket.once("close", () => clearTimeout(limit));
  socket.end("10.disconnect;", () => socket.destroy());
};

export const hangUpLimitMs = 500;

/** guacd cannot be reached, or fell silent or hung up before the session began. */
export class GuacdLost extends Error {
  override readonly name = "GuacdLost";
  /** There was no connection at all, so that a second one is no better. */
  readonly isUnreachable: boolean;

  constructor(message: string, options: { cause?: unknown; isUnreachable?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.isUnreachable = options.isUnreachable ?? false;
  }
}

/** Single instructions to and from guacd while the connection is being set up. Reads with Apache's own parser. */
export class GuacdChannel {
  readonly #socket: Socket;
  readonly #parser = new GuacamoleParser();
  #received = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.pause();
  }

  send(elements: readonly string[]): void {
    this.#socket.write(encodeInstruction(elements));
  }

  /** The next instruction, `nop` left out. What follows it stays in the socket. */
  async receive(timeoutMs: number, signal: AbortSignal): Promise<string[]> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    for (;;) {
      const end = this.#received.length > 0 ? endOfInstruction(this.#received, 0, chunkTextOf(this.#received)) : -1;
      if (end > 0) {
        const elements = this.#take(end);
        if (elements[0] !== "nop") return elements;
      } else if (this.#received.length > maxHandshakeBytes) {
        throw new GuacdProtocolError("guacd's handshake is longer than 64 KiB");
      } else {
        await this.#read(timeoutMs, signal, limit);
      }
    }
  }

  /** Puts what was read too much back, for the next reader of the socket. */
  release(): void {
    if (this.#received.length > 0) this.#socket.unshift(this.#received);
    this.#received = Buffer.alloc(0);
  }

  #take(end: number): string[] {
    const elements: string[] = [];
    this.#parser.oninstruction = (opcode, rest) => elements.push(opcode, ...rest);
    this.#parser.receive(this.#received.toString("utf8", 0, end));
    this.#received = this.#received.subarray(end);
    return elements;
  }

  async #read(timeoutMs: number, signal: AbortSignal, limit: AbortSignal): Promise<void> {
    let chunk: Buffer | null = this.#socket.read();
    while (chunk === null) {
      if (this.#socket.readableEnded || this.#socket.destroyed) throw new GuacdLost("guacd closed the connection");
      try {
        await nextReadable(this.#socket, limit);
      } catch (error) {
        signal.throwIfAborted();
        const why = limit.aborted ? `gave no answer within ${timeoutMs / 1000} s` : "closed the connection";
        throw new GuacdLost(`guacd ${why}`, { cause: error });
      }
      chunk = this.#socket.read();
    }
    this.#received = Buffer.concat([this.#received, chunk]);
  }
}

const maxHandshakeBytes = 65_536;

/** Settles with the first of readable, end, close, error and the signal. */
const nextReadable = async (socket: Socket, signal: AbortSignal): Promise<void> => {
  const settled = new AbortController();
  const until = { signal: AbortSignal.any([signal, settled.signal]) };
  try {
    await Promise.race([once(socket, "readable", until), once(socket, "end", until), once(socket, "close", until)]);
  } finally {
    settled.abort();
  }
};
