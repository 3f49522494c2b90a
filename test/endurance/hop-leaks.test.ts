import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listProcessIds } from "../../src/core/process-stat.ts";
import { type HopHosts, startHopHosts } from "../support/hop-hosts.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { freePort, type SshHost, startSshHost } from "../support/ssh-host.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { typeText } from "../support/tunnel-client.ts";

let gateway: TestGateway;
let target: SshHost;
let chain: HopHosts;
let api: SessionApi;
let deadPort: number;
beforeAll(async () => {
  deadPort = await freePort();
  [gateway, target] = await Promise.all([startTestGateway(), startSshHost()]);
  chain = await startHopHosts(
    3,
    [target.port, deadPort].map((port) => `127.0.0.1:${port}`),
  );
  const { cookie } = await gateway.signIn("poweruser");
  const { host: hostname, port, username, password } = target;
  api = sessionApi(gateway, cookie, { hostname, port, username, password, jump_hosts: chain.last(3) });
});
afterAll(() => Promise.all([gateway.close(), chain.stop(), target.stop()]));

const draw = async (id: string) => {
  const client = await api.attach(id);
  await client.waitFor(isSync);
  return client;
};

/** Every way for a session through hops to end, with the reason it ends for. */
const ways: readonly (() => Promise<{ id: string; reason: string }>)[] = [
  async () => {
    const id = await api.create();
    const client = await draw(id);
    client.send("disconnect");
    await client.closed;
    return { id, reason: "closed" };
  },
  async () => {
    const id = await api.create();
    const client = await draw(id);
    await api.call("DELETE", `/api/sessions/${id}`);
    await client.closed;
    return { id, reason: "closed" };
  },
  async () => {
    const id = await api.create();
    const client = await api.attach(id);
    await client.waitFor(([opcode, json]) => opcode === "sp-notice" && json?.includes('"hop":2') === true);
    await api.call("DELETE", `/api/sessions/${id}`);
    await client.closed;
    return { id, reason: "closed" };
  },
  async () => {
    const id = await api.create();
    const client = await draw(id);
    typeText(client, "exit\n");
    await client.closed;
    return { id, reason: "target_closed" };
  },
  async () => {
    const id = await api.create({ port: deadPort });
    await (await api.attach(id)).closed;
    return { id, reason: "target_unreachable" };
  },
  async () => {
    const id = await api.create();
    const client = await draw(id);
    await chain.hosts[1]?.signalSessions("SIGKILL");
    await client.closed;
    return { id, reason: "hop_failed" };
  },
];

const run = async (times: number): Promise<void> => {
  for (let time = 0; time < times; time++)
    for (const way of ways) {
      const { id, reason } = await way();
      await until(async () => (await api.read(id)).end_reason === reason, `${id} ends as ${reason}`);
    }
};

const until = async (isSo: () => Promise<boolean>, what: string): Promise<void> => {
  for (const deadlineMs = performance.now() + 10_000; !(await isSo()); await delay(50))
    if (performance.now() > deadlineMs) throw new Error(`not within 10 s: ${what}`);
};

/** Server processes that serve somebody who is signed in to a hop or the target. */
const servers = async (): Promise<number> => {
  const names = [...chain.hosts, target].map(({ username }) => `sshd: ${username}`);
  const titles = await Promise.all(
    (await listProcessIds()).map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return titles.filter((title) => names.some((name) => title.startsWith(name))).length;
};

const held = () => {
  const resources = process.getActiveResourcesInfo();
  const count = (name: string) => resources.filter((resource) => resource === name).length;
  return { descriptors: readdirSync("/proc/self/fd").length, listeners: count("TCPServerWrap") };
};

test("30 sessions through 3 hops, ended in every way, leave no descriptor, listener or server process", async () => {
  const settled = () => until(async () => (await servers()) === 0, "no server process is left");
  await run(1);
  await settled();
  const before = held();
  await run(5);
  await settled();
  await until(async () => held().descriptors <= before.descriptors, `${before.descriptors} descriptors as before`);
  expect(held().listeners).toBe(before.listeners);
}, 180_000);
