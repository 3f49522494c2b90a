import { connect, createServer } from "node:net";
import { portOf } from "./port-of.ts";
import { startRunningGuacd } from "./running-guacd.ts";
import { socketPairs } from "./socket-pairs.ts";

/** A real guacd that loses sessions as it does when it crashes in a start: without a word, before their first picture. */
export interface LossyGuacd {
  /** For `guacd.addresses`. */
  readonly address: string;
  /** How many connections it has. */
  connections(): Promise<number>;
  /** The next so many sessions are lost, each when `when` has settled and the picture is about to be whole. */
  loseNext(count: number, when?: () => Promise<void>): void;
  stop(): Promise<void>;
}

export const startLossyGuacd = async (): Promise<LossyGuacd> => {
  const guacd = await startRunningGuacd();
  const farPort = Number(guacd.address.split(":")[1]);
  const pairs = socketPairs();
  let toLose = 0;
  let lost: () => Promise<void> = async () => undefined;
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: "127.0.0.1", port: farPort, noDelay: true });
    pairs.tie(near, far);
    near.pipe(far);
    let said = "";
    const look = (chunk: Buffer) => {
      said += chunk.toString("latin1");
      if (!said.includes("4.sync,")) return void near.write(chunk);
      far.off("data", look);
      if (toLose > 0) {
        toLose--;
        far.pause();
        void lost().then(() => near.destroy());
      } else {
        near.write(chunk);
        far.pipe(near);
      }
    };
    far.on("data", look);
  }).listen(0, "127.0.0.1");
  const port = await portOf(server);
  return {
    address: `127.0.0.1:${port}`,
    connections: () => guacd.connections(),
    loseNext: (count, when = async () => undefined) => {
      toLose = count;
      lost = when;
    },
    stop: async () => {
      server.close();
      pairs.cut();
      await guacd.stop();
    },
  };
};
