import { once } from "node:events";
import { connect } from "node:net";
import type { Connection } from "ssh2";
import { expect, onTestFinished, test } from "vitest";
import { forwardsBack } from "../../src/ssh/forwards-back.ts";
import { openTestClient } from "../support/open-test-client.ts";
import { startScriptedSshServer } from "../support/scripted-ssh-server.ts";
import { type SshHostOptions, startSshHost } from "../support/ssh-host.ts";

// The doctor asks a hop for a port on its loopback to learn whether it forwards at all. None may be left there.

const { signal } = new AbortController();
const unlimitedMs = 10_000;

/** An SSH server that grants every sign-in and does with requests for ports what the test says. */
const clientOf = async (onConnection: (connection: Connection) => void) => {
  const server = await startScriptedSshServer((context, connection) => {
    onConnection(connection);
    context.accept();
  });
  onTestFinished(() => server.close());
  const client = await openTestClient({ port: server.port, username: "ann", password: "right" });
  onTestFinished(() => client.close());
  return client;
};

const sshdClient = async (options: SshHostOptions) => {
  const host = await startSshHost(options);
  onTestFinished(() => host.stop());
  const client = await openTestClient(host);
  onTestFinished(() => client.close());
  return client;
};

test("a port that is granted is given back before the answer is told", async () => {
  const asked: string[] = [];
  const client = await clientOf((connection) =>
    connection.on("request", (accept, _reject, name) => {
      asked.push(name);
      accept?.(40_001);
    }),
  );
  expect(await forwardsBack(client, unlimitedMs, signal)).toBe(true);
  expect(asked).toEqual(["tcpip-forward", "cancel-tcpip-forward"]);
});

test("nothing listens on a port that a real sshd had granted", async () => {
  const client = await sshdClient({});
  const granted = Promise.withResolvers<number>();
  const { connection } = client;
  const forwardIn = connection.forwardIn.bind(connection);
  connection.forwardIn = (address, port, done) =>
    forwardIn(address, port, (error, opened) => {
      granted.resolve(opened);
      done?.(error, opened);
    });
  expect(await forwardsBack(client, unlimitedMs, signal)).toBe(true);
  const [error] = await once(connect(await granted.promise, "127.0.0.1"), "error");
  expect(error).toMatchObject({ code: "ECONNREFUSED" });
});

test("whoever finds the port while it is open is turned away", async () => {
  const turnedAway = Promise.withResolvers<unknown>();
  const client = await clientOf((connection) =>
    connection.on("request", (accept, _reject, name) => {
      if (name !== "tcpip-forward") return accept?.();
      accept?.(40_001);
      connection.forwardOut("127.0.0.1", 40_001, "127.0.0.1", 9, (error) => turnedAway.resolve(error));
    }),
  );
  await forwardsBack(client, unlimitedMs, signal);
  expect(await turnedAway.promise).toMatchObject({ message: expect.stringContaining("Channel open failure") });
});

test("an sshd that forwards nothing says no", async () => {
  const client = await sshdClient({ config: ["AllowTcpForwarding no"] });
  expect(await forwardsBack(client, unlimitedMs, signal)).toBe(false);
});

test("a server that does not answer is waited for no longer than the limit, or the signal", async () => {
  const client = await clientOf((connection) => connection.on("request", () => undefined));
  expect(await forwardsBack(client, 20, signal)).toBe(false);
  expect(await forwardsBack(client, unlimitedMs, AbortSignal.timeout(20))).toBe(false);
});
