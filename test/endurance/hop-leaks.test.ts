import { afterAll, beforeAll, test } from "vitest";
import { processesOfSession } from "../../src/core/process-stat.ts";
import { heldByProcess, holdsNoMoreThan } from "../support/held-by-process.ts";
import { type HopHosts, type JumpHost, jumpHost, startHopHosts } from "../support/hop-hosts.ts";
import { answer, isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { sshdLogins } from "../support/sshd-logins.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { type TunnelClient, typeText } from "../support/tunnel-client.ts";
import { until } from "../support/until.ts";
import { startVncHost, type VncHost } from "../support/vnc-host.ts";

// Sessions through three hops that end in every way there is leave nothing behind, neither here nor there.

let gateways: TestGateway[];
let target: SshHost;
let desktop: VncHost;
let chain: HopHosts;
/** Hops that lie where the third one does, for those ways that take along all who pass. */
let breaking: SshHost;
let freezing: SshHost;
let api: SessionApi;
let admin: SessionApi;
/** Where sessions end by themselves after a second: for want of keys, or because that is the longest. */
let idle: SessionApi;
let brief: SessionApi;
beforeAll(async () => {
  chain = await startHopHosts(3);
  const place = chain.target;
  [target, desktop, breaking, freezing] = await Promise.all([
    startSshHost({ place, port: 22 }),
    startVncHost({ place }),
    startSshHost({ place: chain.places[2] }),
    startSshHost({ place: chain.places[2] }),
  ]);
  const start = async (environment: Record<string, string>) => {
    const gateway = await startTestGateway({ ...environment, SALLYPORT_LOG_LEVEL: "error" });
    const { cookie } = await gateway.signIn("poweruser");
    const { host: hostname, port, username, password } = target;
    const api = sessionApi(gateway, cookie, { hostname, port, username, password, jump_hosts: chain.first(3) });
    return { gateway, api };
  };
  const [main, first, second] = await Promise.all([
    start({ SALLYPORT_SESSION_RESUME_SECONDS: "1" }),
    start({ SALLYPORT_SESSION_IDLE_TIMEOUT_SECONDS: "1" }),
    start({ SALLYPORT_SESSION_MAX_DURATION_SECONDS: "1" }),
  ]);
  gateways = [main, first, second].map(({ gateway }) => gateway);
  [api, idle, brief] = [main.api, first.api, second.api];
  admin = sessionApi(main.gateway, (await main.gateway.signIn("admin")).cookie);
}, 60_000);
afterAll(async () => {
  await Promise.all((gateways ?? []).map((gateway) => gateway.close()));
  await Promise.all([target, desktop, breaking, freezing].map((host) => host?.stop()));
  await chain?.stop();
});

interface End {
  readonly by?: SessionApi;
  readonly id: string;
  readonly reason: string;
}

const draw = async (id: string, by = api): Promise<TunnelClient> => {
  const client = await by.attach(id);
  await client.waitFor(isSync);
  return client;
};
/** A session that is drawn, then ended so. */
const drawn =
  (
    reason: string,
    end: (client: TunnelClient, id: string) => unknown,
    fields: () => object = () => ({}),
    by = () => api,
  ) =>
  async (): Promise<End> => {
    const id = await by().create(fields());
    const client = await draw(id, by());
    await end(client, id);
    await client.closed;
    return { by: by(), id, reason };
  };
/** A session that does not get as far. */
const failing = (reason: string, fields: () => object) => async (): Promise<End> => {
  const id = await api.create(fields());
  await (await api.attach(id)).closed;
  return { id, reason };
};
const remove = (by: SessionApi, id: string) => by.call("DELETE", `/api/sessions/${id}`);
const vnc = () => ({ session_type: "vnc", port: desktop.port, username: null, password: desktop.password });
const through = (third: JumpHost) => ({ jump_hosts: [...chain.first(2), third] });
const guacdSession = async () => (await gateways[0]?.guacdSession()) ?? 0;

const ways: Readonly<Record<string, () => Promise<End>>> = {
  "End in the page": drawn("closed", (client) => client.send("disconnect")),
  "End in the page, VNC": drawn("closed", (client) => client.send("disconnect"), vnc),
  "DELETE by the owner": drawn("closed", (_, id) => remove(api, id)),
  "DELETE by an admin": drawn("terminated", (_, id) => remove(admin, id), vnc),
  "DELETE while the second hop is dialled": async () => {
    const id = await api.create();
    const client = await api.attach(id);
    await client.waitFor(([opcode, json]) => opcode === "sp-notice" && json?.includes('"hop":2') === true);
    await remove(api, id);
    await client.closed;
    return { id, reason: "closed" };
  },
  "a browser that is lost": drawn("client_gone", (client) => client.socket.terminate()),
  "the shell's end": drawn("target_closed", (client) => typeText(client, "exit\n")),
  "no keys": drawn(
    "idle",
    () => undefined,
    undefined,
    () => idle,
  ),
  "the longest time": drawn(
    "max_duration",
    () => undefined,
    vnc,
    () => brief,
  ),
  "an owner who is revoked": async () => {
    const name = `key ${performance.now()}`;
    const [gateway] = gateways;
    if (!gateway) throw new Error("no gateway");
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ key: await gateway.addKey(name) });
    const login = await fetch(`${gateway.url}/auth/key`, { method: "POST", headers, body });
    const { host: hostname, port, username, password } = target;
    const fields = { hostname, port, username, password, jump_hosts: chain.first(3) };
    const owner = sessionApi(gateway, login.headers.getSetCookie()[0]?.split(";")[0] ?? "", fields);
    const id = await owner.create();
    const client = await draw(id, owner);
    await gateway.adminKeys.disable({ name }, gateway.actor);
    await client.closed;
    return { by: admin, id, reason: "revoked" };
  },
  "guacd's process that dies": async () => {
    const before = new Set((await processesOfSession(await guacdSession())).map(({ pid }) => pid));
    const id = await api.create();
    const client = await draw(id);
    for (const { pid } of await processesOfSession(await guacdSession()))
      if (!before.has(pid)) process.kill(pid, "SIGKILL");
    await client.closed;
    return { id, reason: "guacd_failed" };
  },
  "a hop that is reset": drawn(
    "hop_failed",
    () => breaking.signalSessions("SIGKILL"),
    () => through(jumpHost(breaking)),
  ),
  "a hop that is reset, VNC": drawn(
    "hop_failed",
    () => breaking.signalSessions("SIGKILL"),
    () => ({ ...vnc(), ...through(jumpHost(breaking)) }),
  ),
  "a hop that refuses the sign-in": failing("hop_failed", () => through({ ...chain.hop(3), password: "no" })),
  "a hop where nothing listens": failing("hop_failed", () => through({ ...chain.hop(3), port: 1 })),
  "a hop with another host key": failing("host_key_changed", () => through({ ...chain.hop(3), host_key: otherKey })),
  "a target where nothing listens": failing("target_unreachable", () => ({ port: 1 })),
  "a target where nothing listens, VNC": failing("target_unreachable", () => ({ ...vnc(), port: 1 })),
  "a target that refuses the password three times": async () => {
    const id = await api.create({ password: "no" });
    const client = await api.attach(id);
    for (const asked of [1, 2]) {
      await until(
        async () => client.received.filter(([opcode]) => opcode === "required").length >= asked,
        "a question",
      );
      answer(client, { username: target.username, password: "no" }, asked * 2);
    }
    await client.closed;
    return { id, reason: "auth_failed" };
  },
};

/** Takes a quarter of a minute, so that the others go on meanwhile. */
const silence = drawn(
  "hop_failed",
  () => freezing.signalSessions("SIGSTOP"),
  () => through(jumpHost(freezing)),
);

const otherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0TdWtbT7Vd3gJlO8v0eOQq6vE5sU0k5Z9s4nE0v0aB";

const run = async (times: number): Promise<void> => {
  const endsAs = async (name: string, way: () => Promise<End>) => {
    const { by = api, id, reason } = await way();
    await until(async () => (await by.read(id)).end_reason === reason, `${name} ends as ${reason}`);
  };
  for (let time = 0; time < times; time++) {
    const frozen = endsAs("a hop that falls silent", silence);
    for (const [name, way] of Object.entries(ways)) await endsAs(name, way);
    await frozen;
    await freezing.signalSessions("SIGKILL");
  }
};

test("sessions through 3 hops, ended in every way there is, leave no listener, socket, child, descriptor or login", async () => {
  const hosts = [...chain.hosts, breaking, freezing, target];
  const settled = () => until(async () => (await sshdLogins(hosts)) === 0, "nobody is signed in anywhere");
  await run(1);
  await settled();
  const before = await heldByProcess();
  await run(2);
  await settled();
  await holdsNoMoreThan(before);
});
