import { readFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import ssh2, { type Connection } from "ssh2";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { generateKeyPair } from "../../src/ssh/generate-key-pair.ts";
import { heldByProcess } from "../support/held-by-process.ts";
import { type HopHosts, type JumpHost, jumpHost, startHopHosts } from "../support/hop-hosts.ts";
import { portOf } from "../support/port-of.ts";
import { tryFromAnotherProcess } from "../support/relay-visitor.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { typeText } from "../support/tunnel-client.ts";
import { startVncHost, type VncHost } from "../support/vnc-host.ts";

// Every stage on the way has a limit of its own, and whoever lets it pass is named.

let gateway: TestGateway;
let chain: HopHosts;
let target: SshHost;
let desktop: VncHost;
let api: SessionApi;
beforeAll(async () => {
  chain = await startHopHosts(2);
  const place = chain.target;
  [gateway, target, desktop] = await Promise.all([
    startTestGateway({
      SALLYPORT_SSH_CONNECT_TIMEOUT_SECONDS: "2",
      SALLYPORT_SSH_KEY_EXCHANGE_TIMEOUT_SECONDS: "3",
      SALLYPORT_SSH_AUTH_TIMEOUT_SECONDS: "4",
      SALLYPORT_SSH_CHANNEL_TIMEOUT_SECONDS: "5",
    }),
    startSshHost({ place, port: 22 }),
    startVncHost({ place }),
  ]);
  const { username, password } = target;
  const fields = { hostname: chain.targetBehind(2), port: 22, username, password };
  api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, fields);
}, 60_000);
afterAll(async () => {
  await Promise.all([gateway?.close(), target?.stop(), desktop?.stop()]);
  await chain?.stop();
});

const failing = async (jump_hosts: readonly JumpHost[], fields: object = {}) => {
  const id = await api.create({ jump_hosts, ...fields });
  await (await api.attach(id)).closed;
  const { end_reason, end_detail } = await api.read(id);
  return { end_reason, end_detail };
};
/** A hop that this test plays, behind the first one. */
const playHop = async (onConnection: (socket: Socket) => void): Promise<JumpHost> => {
  const server = createServer((socket) => {
    onTestFinished(() => void socket.destroy());
    onConnection(socket.on("error", () => undefined));
  }).listen(0, chain.here);
  onTestFinished(() => void server.close());
  return { hostname: chain.here, port: await portOf(server), username: "jump", password: "p" };
};
const playSshHop = (onConnection: (connection: Connection) => void): Promise<JumpHost> => {
  const hostKeys = [generateKeyPair().privateKey.reveal()];
  const server = new ssh2.Server({ hostKeys }, (connection) => onConnection(connection.on("error", () => undefined)));
  return playHop((socket) => server.injectSocket(socket));
};

describe("a hop that lets a limit pass is named with it", () => {
  test("connect, where the gateway dials", async () => {
    const hostname = chain.targetBehind(1);
    const seconds = "silent for 2 s. It is off, or a firewall drops the traffic.";
    expect(await failing([{ ...chain.hop(1), hostname }])).toEqual({
      end_reason: "hop_failed",
      end_detail: `Hop 1, ${hostname}: ${hostname} does not answer on port 22: ${seconds}`,
    });
  });

  test("connect, where a hop dials; and the target alike", async () => {
    const hostname = chain.voidBehind(1);
    const silent = `${hostname} does not answer on port 22, as seen from hop 1, ${chain.hop(1).hostname}: silent for 2 s.`;
    expect(await failing([chain.hop(1), { ...chain.hop(2), hostname }])).toEqual({
      end_reason: "hop_failed",
      end_detail: `Hop 2, ${hostname}: ${silent}`,
    });
    expect(await failing([chain.hop(1)], { hostname })).toEqual({
      end_reason: "target_unreachable",
      end_detail: silent,
    });
  });

  test("key exchange", async () => {
    const mute = await playHop((socket) => void socket.resume());
    expect(await failing([chain.hop(1), mute])).toEqual({
      end_reason: "hop_failed",
      end_detail: `Hop 2, ${chain.here}: ${chain.here} accepts connections on port ${mute.port} but says nothing: silent for 3 s.`,
    });
    const stuck = await playHop((socket) => void socket.write("SSH-2.0-Stuck\r\n"));
    expect(await failing([chain.hop(1), stuck])).toEqual({
      end_reason: "hop_failed",
      end_detail: `Hop 2, ${chain.here}: ${chain.here} did not finish the key exchange within 3 s.`,
    });
  });

  test("sign-in", async () => {
    const undecided = await playSshHop((connection) => connection.on("authentication", () => undefined));
    expect(await failing([chain.hop(1), undecided])).toEqual({
      end_reason: "hop_failed",
      end_detail: `Hop 2, ${chain.here}: ${chain.here} did not answer the sign-in within 4 s.`,
    });
  });

  test("channel to what comes next", async () => {
    const lazy = await playSshHop((connection) => {
      connection.on("authentication", (context) => context.accept());
      connection.on("tcpip", () => undefined);
    });
    const { hostname } = chain.hop(2);
    expect(await failing([chain.hop(1), lazy, chain.hop(2)])).toEqual({
      end_reason: "hop_failed",
      end_detail: `Hop 3, ${hostname}: ${hostname} does not answer on port 22, as seen from hop 2, ${chain.here}: silent for 2 s.`,
    });
  });

  test("channel of the target's shell", async () => {
    const { hostname, port } = await playSshHop((connection) => {
      connection.on("authentication", (context) => context.accept());
      connection.on("session", (accept) =>
        accept()
          .on("pty", (acceptPty) => acceptPty?.())
          .on("shell", () => undefined),
      );
    });
    expect(await failing([chain.hop(1)], { hostname, port })).toEqual({
      end_reason: "target_closed",
      end_detail: `${hostname} did not open a terminal within 5 s.`,
    });
  });
});

describe("keyboard-interactive", () => {
  test("signs in to a hop with its password, and a wrong one is named with the hop", async () => {
    const hop = jumpHost(await asking());
    const hostname = chain.targetBehind(1);
    const client = await api.attach(await api.create({ jump_hosts: [hop], hostname }));
    await client.waitFor(isSync);
    typeText(client, "echo asked > asked.txt\n");
    await expect.poll(() => readFile(join(target.home, "asked.txt"), "utf8").catch(() => "")).toBe("asked\n");
    client.send("disconnect");
    await client.closed;
    expect(await failing([{ ...hop, password: "wrong" }], { hostname })).toEqual({
      end_reason: "hop_failed",
      end_detail: `Hop 1, ${hop.hostname}: ${hop.hostname} refused the sign-in of ${hop.username}.`,
    });
  });

  const asking = async () => {
    const host = await startSshHost({ place: chain.places[0], passwordMethod: "keyboard-interactive" });
    onTestFinished(() => host.stop());
    return host;
  };
});

test("no other local process gets into any port that the gateway opens for a session through hops", async () => {
  const { listening: before } = await heldByProcess();
  const doors = async () => (await heldByProcess()).listening.filter((port) => !before.includes(port));
  const shell = await api.attach(await api.create({ jump_hosts: chain.first(2) }));
  await shell.waitFor(isSync);
  expect(await doors()).toEqual([]);
  const { port, password } = desktop;
  const fields = { session_type: "vnc", port, password, username: null, jump_hosts: chain.first(2) };
  const screen = await api.attach(await api.create(fields));
  await screen.waitFor(isSync);
  const [door = 0, ...others] = await doors();
  expect(others).toEqual([]);
  expect(await tryFromAnotherProcess(door)).toBe("cut");
  for (const client of [shell, screen]) client.send("disconnect");
  await Promise.all([shell.closed, screen.closed]);
  await expect.poll(doors).toEqual([]);
});
