import type { Client, ClientCallback, ClientChannel } from "ssh2";
import type { SshClient } from "./ssh-client.ts";

/**
 * Asks a server for a channel. Rejects with an error whose message is a sentence, after `limitMs` at the latest; a channel
 * that comes later is closed.
 */
export const openChannel = (
  { connection, target: { host } }: SshClient,
  { what, limitMs }: { what: string; limitMs: number },
  ask: (connection: Client, onOpen: ClientCallback) => void,
): Promise<ClientChannel> => {
  const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    reject(new Error(`${host} did not open ${what} within ${limitMs / 1000} s.`));
  }, limitMs);
  try {
    ask(connection, (error, channel) => {
      if (error) return reject(new Error(`${host} refused to open ${what}.`, { cause: error }));
      if (isLate) return void channel.close();
      resolve(channel);
    });
  } catch (error) {
    reject(new Error(`The connection to ${host} was lost.`, { cause: error }));
  }
  return promise.finally(() => clearTimeout(timer));
};
