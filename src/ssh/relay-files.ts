import type { ClientChannel, Connection, ServerChannel } from "ssh2";
import type { LoopTurns } from "./loop-turns.ts";
import { openChannel } from "./open-channel.ts";
import { pourInTurns } from "./pour-in-turns.ts";
import type { SshClient } from "./ssh-client.ts";

/**
 * Gives guacd the target's SFTP server by a connection of its own, once, and nothing else. It is a channel of the session's
 * own client, so it ends with it; its bytes go through as they are.
 */
export const relayFiles = (options: {
  guacd: Connection;
  client: SshClient;
  channelTimeoutMs: number;
  turns: LoopTurns;
}): void => {
  const { guacd, client, channelTimeoutMs, turns } = options;
  let hasSession = false;
  client.connection.once("close", () => guacd.end());
  guacd.on("session", (acceptSession, rejectSession) => {
    if (hasSession) return rejectSession();
    hasSession = true;
    acceptSession().on("subsystem", (accept, reject, { name }) => {
      if (name !== "sftp") return reject();
      // Clients say hello before they hear that they may; ssh2 drops what comes before that.
      const channel = accept();
      const wanted = { what: "its file transfer", limitMs: channelTimeoutMs };
      openChannel(client, wanted, (connection, onOpen) => connection.subsys(name, onOpen)).then(
        (target) => join(channel, target, turns),
        () => {
          channel.exit(1);
          channel.close();
        },
      );
    });
  });
};

const join = (guacd: ServerChannel, target: ClientChannel, turns: LoopTurns): void => {
  if (guacd.destroyed) return void target.close();
  target.once("exit", (code: number | null) => guacd.exit(code ?? 255));
  target.once("close", () => guacd.close());
  guacd.once("close", () => target.close());
  target.stderr.resume();
  guacd.pipe(target);
  pourInTurns(target, guacd, turns);
};
