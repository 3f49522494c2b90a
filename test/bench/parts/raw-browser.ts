import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** The client's side of a connection that is measured: it costs as little as it can, so that it is not what is measured. */
export interface RawClient {
  /** Called with what came, frame headers taken off, in whatever pieces, which are overwritten afterwards. */
  onData: (payload: Buffer) => void;
  /** Messages that came; 0 without a WebSocket. */
  readonly messages: number;
  send(text: string): void;
  readonly closed: Promise<unknown>;
  destroy(): void;
}

/** Opens a WebSocket without a library. Rejects when it is refused. */
export const openRawBrowser = async (
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawClient> => {
  const { hostname, port, pathname, search } = new URL(url);
  const answered = Promise.withResolvers<Buffer>();
  let head = Buffer.alloc(0);
  let read = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    if (head.includes(endOfHead)) answered.resolve(head);
  };
  const socket = openSocket(hostname, Number(port), (chunk) => read(chunk));
  const lines = Object.entries({
    Host: `${hostname}:${port}`,
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Protocol": "guacamole",
    "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`);
  socket.once("close", () => answered.reject(new Error("closed before the answer")));
  const limit = setTimeout(() => socket.destroy(), answerLimitMs);
  const answer = await answered.promise.finally(() => clearTimeout(limit));
  if (!answer.toString("latin1").startsWith("HTTP/1.1 101")) throw new Error(`refused: ${answer.toString("latin1")}`);
  const browser = new RawBrowser(socket);
  read = (chunk) => browser.read(chunk);
  // Whoever opens it says first what is to be done with what comes.
  setImmediate(() => browser.read(answer.subarray(answer.indexOf(endOfHead) + endOfHead.length)));
  return browser;
};

const endOfHead = "\r\n\r\n";
const answerLimitMs = 30_000;

/** A plain connection to guacd. */
export const openRawTcp = async (port: number): Promise<RawClient> => {
  const socket = openSocket("127.0.0.1", port, (chunk) => client.onData(chunk));
  await once(socket, "connect");
  const client: RawClient = {
    onData: () => undefined,
    messages: 0,
    send: (text) => void socket.write(text),
    closed: closing(socket),
    destroy: () => socket.destroy(),
  };
  return client;
};

/** Reads into one buffer: a new one for each read would have the collector at work in the process that takes the time. */
const openSocket = (host: string, port: number, read: (chunk: Buffer) => void): Socket => {
  const onread = {
    buffer: Buffer.alloc(readBytes),
    callback: (bytes: number, buffer: Uint8Array) => {
      read(Buffer.from(buffer.buffer, buffer.byteOffset, bytes));
      return true;
    },
  };
  const socket = connect({ host, port, noDelay: true, onread });
  socket.on("error", () => undefined);
  return socket;
};

const readBytes = 65_536;

const closing = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once("close", resolve));

const ping = 0x89;
const close = 0x88;

class RawBrowser implements RawClient {
  onData: (payload: Buffer) => void = () => undefined;
  messages = 0;
  readonly closed: Promise<unknown>;
  readonly #socket: Socket;
  /** A frame header that is not whole yet. */
  #header = Buffer.alloc(0);
  /** Of the frame that is being read. */
  #missingBytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = closing(socket);
  }

  send(text: string): void {
    this.#write(0x81, Buffer.from(text));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Masked with zeros, which is a mask like any other. */
  #write(kind: number, payload: Buffer): void {
    const size = payload.length;
    const head = size < 126 ? [kind, 0x80 | size] : [kind, 0xfe, size >> 8, size & 0xff];
    this.#socket.write(Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]));
  }

  read(chunk: Buffer): void {
    let data = chunk;
    if (this.#header.length > 0) {
      data = Buffer.concat([this.#header, chunk]);
      this.#header = Buffer.alloc(0);
    }
    for (let at = 0; at < data.length; ) {
      if (this.#missingBytes > 0) {
        const end = Math.min(at + this.#missingBytes, data.length);
        this.onData(data.subarray(at, end));
        this.#missingBytes -= end - at;
        at = end;
        continue;
      }
      const frame = frameAt(data, at);
      if (!frame) {
        this.#header = Buffer.from(data.subarray(at));
        return;
      }
      at = frame.start;
      if (frame.kind === close) this.#socket.end();
      else if (frame.kind === ping) this.#write(0x8a, Buffer.alloc(0));
      else {
        this.messages++;
        this.#missingBytes = frame.size;
      }
    }
  }
}

/** The header of a server's frame, with a control frame's payload, which is short, counted into it. */
const frameAt = (data: Buffer, at: number): { kind: number; start: number; size: number } | null => {
  const left = data.length - at;
  const [kind = 0, short = 0] = [data[at], data[at + 1]];
  if (left < 2) return null;
  if (kind >= 0x88) return left < 2 + short ? null : { kind, start: at + 2 + short, size: 0 };
  if (short < 126) return { kind, start: at + 2, size: short };
  if (short === 126) return left < 4 ? null : { kind, start: at + 4, size: data.readUInt16BE(at + 2) };
  return left < 10 ? null : { kind, start: at + 10, size: Number(data.readBigUInt64BE(at + 2)) };
};
