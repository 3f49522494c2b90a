import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { processesOfSession } from "../../src/core/process-stat.ts";
import { heldByProcess, holdsNoMoreThan } from "../support/held-by-process.ts";
import { type JumpHost, jumpHost } from "../support/hop-hosts.ts";
import { type HopNetwork, makeHopNetwork } from "../support/hop-network.ts";
import { portOf } from "../support/port-of.ts";
import { type RfbServer, startRfbServer } from "../support/rfb-server.ts";
import { answer, isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { signalQuietly } from "../support/signal-quietly.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { sshdLogins } from "../support/sshd-logins.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { type TunnelClient, typeText } from "../support/tunnel-client.ts";
import { until } from "../support/until.ts";

// Sessions through hops for each way of ending, a score at once: so a leak is named with its way.

const times = 100;
const atOnce = 20;

let network: HopNetwork;
let gateways: TestGateway[];
let usual: TestGateway;
let first: SshHost;
let second: SshHost;
let closed: SshHost;
let breaking: SshHost;
let freezing: SshHost;
let target: SshHost;
let desktop: RfbServer;
let mute: Server;
let mutePort: number;
let api: SessionApi;
let admin: SessionApi;
/** Where whoever does not take a connection, or says nothing, is waited for no longer than a second. */
let shortDials: SessionApi;
let shortGreetings: SessionApi;
/** Where sessions end by themselves after two seconds: for want of keys, or because that is the longest. */
let idle: SessionApi;
let brief: SessionApi;
beforeAll(async () => {
  network = await makeHopNetwork(2);
  const [near, far] = network.hops;
  const crowded = ["MaxStartups 500"];
  [first, second, closed, breaking, freezing, target, desktop] = await Promise.all([
    startSshHost({ place: near, config: crowded }),
    startSshHost({ place: far, config: crowded }),
    startSshHost({ place: near, config: [...crowded, "AllowTcpForwarding no"] }),
    // Beside this process, where the desktop is.
    startSshHost({ config: crowded }),
    startSshHost({ place: near, config: crowded }),
    startSshHost({ place: network.target, config: crowded }),
    startRfbServer(),
  ]);
  mute = createServer((socket) => void socket.on("error", () => undefined).resume()).listen(0, network.here);
  mutePort = await portOf(mute);
  const start = async (environment: Record<string, string> = {}) => {
    const gateway = await startTestGateway({
      SALLYPORT_SESSION_MAX_PER_USER: "100",
      SALLYPORT_SESSION_MAX_TOTAL: "100",
      SALLYPORT_LOG_LEVEL: "error",
      ...environment,
    });
    return { gateway, api: sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, usualFields()) };
  };
  const [main, dials, greetings, keyless, short] = await Promise.all([
    start({ SALLYPORT_SESSION_RESUME_SECONDS: "1" }),
    start({ SALLYPORT_SSH_CONNECT_TIMEOUT_SECONDS: "1" }),
    start({ SALLYPORT_SSH_KEY_EXCHANGE_TIMEOUT_SECONDS: "1" }),
    start({ SALLYPORT_SESSION_IDLE_TIMEOUT_SECONDS: "2" }),
    start({ SALLYPORT_SESSION_MAX_DURATION_SECONDS: "2" }),
  ]);
  gateways = [main, dials, greetings, keyless, short].map(({ gateway }) => gateway);
  usual = main.gateway;
  [api, shortDials, shortGreetings, idle, brief] = [main.api, dials.api, greetings.api, keyless.api, short.api];
  admin = sessionApi(usual, (await usual.signIn("admin")).cookie);
}, 60_000);
afterAll(async () => {
  await Promise.all((gateways ?? []).map((gateway) => gateway.close()));
  await Promise.all(sshHosts().map((host) => host?.stop()));
  desktop?.close();
  mute?.close();
  await network?.close();
});
const sshHosts = () => [first, second, closed, breaking, freezing, target];
const usualFields = () => {
  const { port, username, password } = target;
  return { hostname: network.targetBehind(1), port, username, password, jump_hosts: [jumpHost(first)] };
};
const guacdProcesses = async () => (await processesOfSession(await usual.guacdSession())).map(({ pid }) => pid);

interface End {
  readonly by?: SessionApi;
  readonly id: string;
  readonly reason: string;
}
/** Ends so many sessions. */
type Way = (count: number) => Promise<readonly End[]>;

const each =
  (one: () => Promise<End>): Way =>
  (count) =>
    Promise.all(Array.from({ length: count }, one));
/** Sessions that do not get as far as a picture. */
const failing = (reason: string, fields: () => object, by: () => SessionApi = () => api): Way =>
  each(async () => {
    const id = await by().create(fields());
    await (await by().attach(id)).closed;
    return { by: by(), id, reason };
  });
const draw = async (fields: object = {}, by = api): Promise<{ id: string; client: TunnelClient }> => {
  const id = await by.create(fields);
  const client = await by.attach(id);
  await client.waitFor(isSync);
  return { id, client };
};
/** Sessions that are drawn, then ended one by one. */
const drawn = (
  reason: string,
  end: (client: TunnelClient, id: string) => unknown,
  fields = () => ({}),
  by = () => api,
): Way =>
  each(async () => {
    const { id, client } = await draw(fields(), by());
    await end(client, id);
    await client.closed;
    return { by: by(), id, reason };
  });
/** Sessions that are drawn, then ended by one act. */
const drawnTogether =
  (reason: string, end: () => Promise<unknown>, fields: () => object = () => ({})): Way =>
  async (count) => {
    const sessions = await Promise.all(Array.from({ length: count }, () => draw(fields())));
    await end();
    await Promise.all(sessions.map(({ client }) => client.closed));
    return sessions.map(({ id }) => ({ id, reason }));
  };
const nothing = () => undefined;
const vnc = () => ({
  session_type: "vnc",
  ...{ hostname: "127.0.0.1", port: desktop.port, username: null, password: null },
  jump_hosts: [jumpHost(breaking)],
});
const through = (hop: JumpHost) => ({ jump_hosts: [jumpHost(first), hop], hostname: network.targetBehind(2) });
const throughFreezing = () => ({ jump_hosts: [jumpHost(freezing)] });
const remove = (by: SessionApi, id: string) => by.call("DELETE", `/api/sessions/${id}`);
const otherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0TdWtbT7Vd3gJlO8v0eOQq6vE5sU0k5Z9s4nE0v0aB";

const ways: Readonly<Record<string, Way>> = {
  "a hop that refuses the sign-in": failing("hop_failed", () => through({ ...jumpHost(second), password: "no" })),
  "a hop where nothing listens": failing("hop_failed", () => through({ ...jumpHost(second), port: 1 })),
  "a hop with another host key": failing("host_key_changed", () =>
    through({ ...jumpHost(second), host_key: otherKey }),
  ),
  "a hop that says nothing": failing(
    "hop_failed",
    () => ({ jump_hosts: [{ hostname: network.here, port: mutePort, username: "ann", password: "x" }] }),
    () => shortGreetings,
  ),
  "a hop that forwards nothing": failing("hop_failed", () => ({ jump_hosts: [jumpHost(closed)] })),
  "a target where nothing listens": failing("target_unreachable", () => ({ port: 1 })),
  "a target where nothing listens, VNC": failing("target_unreachable", () => ({ ...vnc(), port: 1 })),
  "a target that is silent": failing(
    "target_unreachable",
    () => ({ hostname: network.voidBehind(1) }),
    () => shortDials,
  ),
  "a target with another host key": failing("host_key_changed", () => ({ host_key: otherKey })),
  "a target that refuses the password three times": each(async () => {
    const id = await api.create({ password: "no" });
    const client = await api.attach(id);
    const questions = () => client.received.filter(([opcode]) => opcode === "required").length;
    for (const asked of [1, 2]) {
      await until(async () => questions() >= asked, "a question");
      answer(client, { username: target.username, password: "no" }, asked * 2);
    }
    await client.closed;
    return { id, reason: "auth_failed" };
  }),
  "DELETE while a hop is dialled": each(async () => {
    const id = await api.create(through(jumpHost(second)));
    const client = await api.attach(id);
    await client.waitFor(([opcode, json]) => opcode === "sp-notice" && json?.includes('"hop":2') === true);
    await remove(api, id);
    await client.closed;
    return { id, reason: "closed" };
  }),
  // From here on with guacd's picture, of a terminal where nothing else is said: that is drawn sooner.
  "End in the page": drawn("closed", (client) => client.send("disconnect")),
  "DELETE by an admin, VNC": drawn("terminated", (_, id) => remove(admin, id), vnc),
  "a browser that is lost": drawn("client_gone", (client) => client.socket.terminate()),
  "the shell's end": drawn("target_closed", (client) => typeText(client, "exit\n")),
  "no keys": drawn("idle", nothing, undefined, () => idle),
  "the longest time": drawn("max_duration", nothing, undefined, () => brief),
  "an owner who is revoked": async (count) => {
    const name = `key ${performance.now()}`;
    const owner = sessionApi(usual, { authorization: `Bearer ${await usual.addKey(name)}` }, usualFields());
    const sessions = await Promise.all(Array.from({ length: count }, () => draw({}, owner)));
    await usual.adminKeys.disable({ name }, usual.actor);
    await Promise.all(sessions.map(({ client }) => client.closed));
    return sessions.map(({ id }) => ({ by: admin, id, reason: "revoked" }));
  },
  "guacd's processes that die": async (count) => {
    const before = new Set(await guacdProcesses());
    const die = async () => {
      for (const pid of await guacdProcesses()) if (!before.has(pid)) signalQuietly(pid, "SIGKILL");
    };
    return drawnTogether("guacd_failed", die)(count);
  },
  "a hop that is reset, VNC": drawnTogether("hop_failed", () => breaking.signalSessions("SIGKILL"), vnc),
  "a hop that falls silent": async (count) => {
    const ends = await drawnTogether("hop_failed", () => freezing.signalSessions("SIGSTOP"), throughFreezing)(count);
    await freezing.signalSessions("SIGKILL");
    return ends;
  },
};

const run = async (way: Way, count: number): Promise<void> => {
  for (const { by = api, id, reason } of await way(count)) {
    await until(async () => (await by.read(id)).status === "ended", "the session has ended");
    const { end_reason, end_detail } = await by.read(id);
    expect({ end_reason, end_detail }).toMatchObject({ end_reason: reason });
  }
};

describe(`${times} sessions through hops leave no listener, socket, child, descriptor or login`, () => {
  const settled = () => until(async () => (await sshdLogins(sshHosts())) === 0, "nobody is signed in anywhere");

  test.each(Object.entries(ways))("%s", async (_, way) => {
    await run(way, atOnce);
    await settled();
    const before = await heldByProcess();
    for (let done = 0; done < times; done += atOnce) await run(way, atOnce);
    await settled();
    await holdsNoMoreThan(before);
  });
});
