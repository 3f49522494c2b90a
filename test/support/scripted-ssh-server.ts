import { generateKeyPairSync } from "node:crypto";
import ssh2, { type AuthContext, type AuthenticationType, type Connection } from "ssh2";

/** An SSH server whose answers to a sign-in are the test's, for what OpenSSH does only with PAM or under attack. */
export const startScriptedSshServer = async (
  onSignIn: (context: AuthContext, connection: Connection) => void,
  offered: AuthenticationType[] = ["password"],
): Promise<{ port: number; close(): void }> => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const open = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [privateKey] }, (connection) => {
    open.add(connection);
    connection.on("error", () => undefined).on("close", () => open.delete(connection));
    connection.on("authentication", (context) => {
      if (context.method === "none") return context.reject(offered);
      onSignIn(context, connection);
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server without a port");
  return {
    port: address.port,
    close: () => {
      server.close();
      for (const connection of open) connection.end();
    },
  };
};
