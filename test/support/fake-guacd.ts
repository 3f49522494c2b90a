import { createServer, type Socket } from "node:net";
import GuacamoleParser from "guacamole-lite/lib/vendor/GuacamoleParser.js";
import { encodeInstruction } from "../../src/guacd/instruction.ts";
import { portOf } from "./port-of.ts";

/** One connection to a guacd that does what its test says; past `ready`. */
export interface FakeGuacdConnection {
  /** A protocol, or the connection id that is joined. */
  readonly select: string;
  /** What `connect` said, by argument name. */
  readonly args: Readonly<Record<string, string>>;
  /** Everything after `connect`. */
  readonly received: readonly string[][];
  send(...elements: readonly (string | number)[]): void;
  /** Whatever bytes. */
  write(bytes: Buffer | string): void;
  /** Writes it so many times, as fast as it is taken. Resolves when all of it is, or the connection is gone. */
  flood(bytes: Buffer, times: number): Promise<void>;
  /** Reads nothing more until `resume`. */
  pause(): void;
  resume(): void;
  /** Cuts the connection. */
  destroy(): void;
  readonly closed: Promise<void>;
}

export interface FakeGuacd {
  /** For `guacd.addresses`. */
  readonly address: string;
  /** In the order in which they came. */
  readonly connections: readonly FakeGuacdConnection[];
  close(): void;
}

const connectionId = "$11111111-2222-3333-4444-555555555555";

/**
 * A guacd for what the real one does seldom, or in another version: it goes through the handshake with these argument names,
 * the version first, and then leaves everything to the test. What reaches it is read by Apache's own parser, which ends the
 * test when that is no Guacamole.
 */
export const startFakeGuacd = async (
  argNames: readonly string[],
  onReady: (connection: FakeGuacdConnection) => void = () => undefined,
): Promise<FakeGuacd> => {
  const connections: FakeGuacdConnection[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
    serve(socket, argNames, (connection) => {
      connections.push(connection);
      onReady(connection);
    });
  }).listen(0, "127.0.0.1");
  const port = await portOf(server);
  return {
    address: `127.0.0.1:${port}`,
    connections,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};

const serve = (
  socket: Socket,
  argNames: readonly string[],
  onReady: (connection: FakeGuacdConnection) => void,
): void => {
  const received: string[][] = [];
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const send = (...elements: readonly (string | number)[]) =>
    void (socket.writable && socket.write(encodeInstruction(elements.map(String))));
  let select = "";
  let isReady = false;
  socket.setEncoding("utf8");
  const parser = new GuacamoleParser();
  parser.oninstruction = (opcode, values) => {
    if (isReady) received.push([opcode, ...values]);
    else if (opcode === "select") {
      select = values[0] ?? "";
      send("args", ...argNames);
    } else if (opcode === "connect") {
      isReady = true;
      send("ready", connectionId);
      const args = Object.fromEntries(argNames.map((name, index) => [name, values[index] ?? ""]));
      const write = (bytes: Buffer | string) => void socket.write(bytes);
      const flood = async (bytes: Buffer, times: number) => {
        for (let count = 0; count < times && socket.writable; count++)
          if (!socket.write(bytes)) await Promise.race([new Promise((taken) => socket.once("drain", taken)), closed]);
      };
      const pause = () => void socket.pause();
      const resume = () => void socket.resume();
      onReady({ select, args, received, send, write, flood, pause, resume, destroy: () => socket.destroy(), closed });
    }
  };
  socket.on("data", (text) => parser.receive(String(text)));
};
