import { connect, createServer, type Socket } from "node:net";
import { portOf } from "./port-of.ts";

/** A network between browser and gateway that can be cut. */
export interface CutProxy {
  readonly port: number;
  /** Connections lead here from now on. */
  lead(port: number): void;
  /** Drops every connection and lets none through until `mend`. */
  cut(): void;
  mend(): void;
  /** From now on nothing passes on the connections that are open, and nobody hears of it, as when packets are lost. */
  swallow(): void;
  close(): void;
}

export const startCutProxy = async (): Promise<CutProxy> => {
  const open = new Set<Socket>();
  let targetPort = 0;
  let isCut = false;
  const keep = (socket: Socket, other: Socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      open.delete(socket);
      other.destroy();
    });
  };
  const server = createServer({ noDelay: true }, (near) => {
    if (isCut) return void near.destroy();
    const far = connect({ host: "127.0.0.1", port: targetPort, noDelay: true });
    keep(near, far);
    keep(far, near);
    near.pipe(far).pipe(near);
  }).listen(0, "127.0.0.1");
  const port = await portOf(server);
  return {
    port,
    lead: (port) => {
      targetPort = port;
    },
    cut: () => {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend: () => {
      isCut = false;
    },
    swallow: () => {
      for (const socket of open) socket.unpipe().pause();
    },
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
};
