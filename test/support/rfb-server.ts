import { createServer, type Socket } from "node:net";
import { portOf } from "./port-of.ts";

/** A VNC server that costs nearly nothing: a small grey screen, for tests that open sessions by the hundred. */
export interface RfbServer {
  readonly port: number;
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>;
  close(): void;
}

const side = { width: 64, height: 48 };

/** Speaks RFB 3.8 (RFC 6143). With `refuses` it asks for a password and takes none. */
export const startRfbServer = async ({ refuses = false } = {}): Promise<RfbServer> => {
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => open.delete(socket));
    serve(socket, refuses).catch(() => socket.destroy());
  }).listen(0, "127.0.0.1");
  const port = await portOf(server);
  return {
    port,
    open,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
};

const serve = async (socket: Socket, refuses: boolean): Promise<void> => {
  const take = reader(socket);
  socket.write("RFB 003.008\n");
  await take(12);
  socket.write(Buffer.of(1, refuses ? 2 : 1));
  await take(1);
  if (refuses) {
    socket.write(Buffer.alloc(16, 7));
    await take(16);
    const reason = Buffer.from("Authentication failure");
    socket.end(Buffer.concat([u32(1), u32(reason.length), reason]));
    return;
  }
  socket.write(u32(0));
  await take(1);
  socket.write(serverInit());
  for (let hasDrawn = false; ; ) {
    const [type = 0] = await take(1);
    if (type === 0) await take(19);
    else if (type === 2) await take(4 * (await take(3)).readUInt16BE(1));
    else if (type === 3) {
      await take(9);
      if (!hasDrawn) socket.write(frame());
      hasDrawn = true;
    } else if (type === 4) await take(7);
    else if (type === 5) await take(5);
    else if (type === 6) await take((await take(7)).readUInt32BE(3));
    else return void socket.destroy();
  }
};

/** Exactly so many bytes at a time; rejects when the other side is gone. */
const reader = (socket: Socket) => {
  let wake = (): void => undefined;
  socket.pause();
  for (const event of ["readable", "close"]) socket.on(event, () => wake());
  return async (count: number): Promise<Buffer> => {
    if (count === 0) return Buffer.alloc(0);
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const bytes: Buffer | null = socket.read(count);
      if (bytes !== null && bytes.length === count) return bytes;
      if (socket.destroyed || socket.readableEnded) throw new Error("gone");
      await woken;
    }
  };
};

const u16 = (...values: number[]): Buffer => Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 255)));
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** True colour, 32 bits, little endian. */
const serverInit = (): Buffer =>
  Buffer.concat([
    u16(side.width, side.height),
    Buffer.of(32, 24, 0, 1),
    u16(255, 255, 255),
    Buffer.of(16, 8, 0, 0, 0, 0),
    u32(4),
    Buffer.from("test"),
  ]);

const frame = (): Buffer =>
  Buffer.concat([
    Buffer.of(0, 0),
    u16(1),
    u16(0, 0, side.width, side.height),
    u32(0),
    Buffer.alloc(side.width * side.height * 4, 0x80),
  ]);
