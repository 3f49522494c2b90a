import { once } from "node:events";
import ssh2, { type Connection, type ServerChannel } from "ssh2";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { generateKeyPair } from "../../src/ssh/generate-key-pair.ts";
import { openTestClient } from "../support/open-test-client.ts";

// A server that nobody can install: it asks for channels back to the gateway that no SSH server asks for unbidden.

type Opened = (error: Error | undefined, channel?: ServerChannel) => void;

/** What its client makes of a channel that the server opens. */
const answerTo = async (open: (server: Connection, onOpen: Opened) => void): Promise<string> => {
  const server = new ssh2.Server({ hostKeys: [generateKeyPair().privateKey.reveal()] }, (connection) => {
    connection.on("authentication", (context) => context.accept());
    connection.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const signedIn = new Promise<Connection>((resolve) =>
    server.on("connection", (connection: Connection) => connection.once("ready", () => resolve(connection))),
  );
  const { port } = z.object({ port: z.int() }).parse(server.address());
  const client = await openTestClient({ port, username: "u", password: "p" });
  onTestFinished(() => client.close());
  const connection = await signedIn;
  return new Promise((resolve) => open(connection, (error) => resolve(error ? error.message : "opened")));
};

/** The protocol below ssh2's server, which has no method for this channel. */
const openAgent = (server: Connection, onOpen: Opened): void => {
  const channels = Reflect.get(server, "_chanMgr");
  const protocol = Reflect.get(server, "_protocol");
  const id = channels.add(
    Object.assign((error: Error | undefined) => onOpen(error), { type: "auth-agent@openssh.com" }),
  );
  protocol.openssh_authAgent(id, 2 ** 21, 2 ** 15);
};

test.each<[string, Parameters<typeof answerTo>[0]]>([
  ["a key agent", openAgent],
  ["a display", (server, onOpen) => server.x11("127.0.0.1", 6000, onOpen)],
  ["a port", (server, onOpen) => server.forwardOut("127.0.0.1", 22, "127.0.0.1", 4000, onOpen)],
  ["a socket", (server, onOpen) => server.openssh_forwardOutStreamLocal("/tmp/x", onOpen)],
])("a target gets no channel to %s of the gateway", async (_, open) => {
  expect(await answerTo(open)).toMatch(/open failure/i);
});
