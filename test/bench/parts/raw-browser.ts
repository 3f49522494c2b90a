import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** The client's side of a connection that is measured: it costs as little as it can, so that it is not what is measured. */
export interface RawClient {
  /** Called with what came, frame headers taken off, in whatever pieces. */
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
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  socket.on("error", () => undefined);
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
  const rest = await readAnswer(socket);
  return new RawBrowser(socket, rest);
};

/** A plain connection to guacd. */
export const openRawTcp = async (port: number): Promise<RawClient> => {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await once(socket, "connect");
  socket.on("error", () => undefined);
  const client: RawClient = {
    onData: () => undefined,
    messages: 0,
    send: (text) => void socket.write(text),
    closed: closing(socket),
    destroy: () => socket.destroy(),
  };
  socket.on("data", (chunk) => client.onData(chunk));
  return client;
};

const closing = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once("close", resolve));

const readAnswer = async (socket: Socket): Promise<Buffer> => {
  let head = Buffer.alloc(0);
  for (;;) {
    const [chunk] = await once(socket, "data", { signal: AbortSignal.timeout(30_000) });
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) continue;
    if (!head.toString("latin1").startsWith("HTTP/1.1 101")) throw new Error(`refused: ${head.toString("latin1")}`);
    return head.subarray(end + 4);
  }
};

const ping = 0x89;
const close = 0x88;

class RawBrowser implements RawClient {
  onData: (payload: Buffer) => void = () => undefined;
  messages = 0;
  readonly closed: Promise<unknown>;
  readonly #socket: Socket;
  /** A frame header that is not whole yet. */
  #header: Buffer;
  /** Of the frame that is being read. */
  #missingBytes = 0;

  constructor(socket: Socket, first: Buffer) {
    this.#socket = socket;
    this.#header = first;
    this.closed = closing(socket);
    socket.on("data", (chunk) => this.#read(chunk));
    setImmediate(() => this.#read(Buffer.alloc(0)));
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

  #read(chunk: Buffer): void {
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
        this.#header = data.subarray(at);
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
