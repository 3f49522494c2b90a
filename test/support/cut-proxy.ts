import { connect, createServer } from "node:net";
import { portOf } from "./port-of.ts";
import { socketPairs } from "./socket-pairs.ts";

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
  const pairs = socketPairs();
  let targetPort = 0;
  let isCut = false;
  const server = createServer({ noDelay: true }, (near) => {
    if (isCut) return void near.destroy();
    const far = connect({ host: "127.0.0.1", port: targetPort, noDelay: true });
    pairs.tie(near, far);
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
      pairs.cut();
    },
    mend: () => {
      isCut = false;
    },
    swallow: () => {
      for (const socket of pairs.open) socket.unpipe().pause();
    },
    close: () => {
      server.close();
      pairs.cut();
    },
  };
};
