import { createServer, type Socket } from "node:net";
import { portOf } from "./port-of.ts";

/** A TCP server on loopback that does what its test says, for what no real one can be brought to do. */
export interface ScriptedServer {
  readonly port: number;
  close(): void;
}

export const startScriptedServer = async (onConnection: (socket: Socket) => void): Promise<ScriptedServer> => {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => open.delete(socket));
    onConnection(socket.resume());
  }).listen(0, "127.0.0.1");
  const port = await portOf(server);
  return {
    port,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
};
