import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { startCertificateMaker } from "../support/certificates.ts";
import { startGatewayProcess } from "../support/gateway-process.ts";
import { opsClient } from "../support/ops-client.ts";
import { noRateLimits } from "../support/rate-limits.ts";
import { type RunningGuacd, startRunningGuacd } from "../support/running-guacd.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient, typeText } from "../support/tunnel-client.ts";

// Real guacds that the gateway did not start, and what becomes of sessions when one of them goes.

let host: SshHost;
beforeAll(async () => {
  host = await startSshHost({ config: ["MaxStartups 100", "MaxSessions 100"] });
});
afterAll(() => host.stop());

interface Opened {
  readonly id: string;
  readonly client: TunnelClient;
}
/** A session with its first picture. */
const openWith = async (api: SessionApi): Promise<Opened> => {
  const id = await api.create();
  const client = await api.attach(id);
  await client.waitFor(isSync);
  return { id, client };
};
const openMany = async (api: SessionApi, count: number): Promise<Opened[]> => {
  const opened: Opened[] = [];
  for (let nth = 0; nth < count; nth++) opened.push(await openWith(api));
  return opened;
};
const end = async ({ client }: Opened): Promise<void> => {
  client.send("disconnect");
  await client.closed;
};
const expectCounts = (guacds: readonly RunningGuacd[], counts: readonly number[]) =>
  expect.poll(() => Promise.all(guacds.map((each) => each.connections())), { timeout: 5_000 }).toEqual(counts);
const expectTypes = async ({ client }: Opened) => {
  const file = `typed-${Math.random().toString(36).slice(2)}`;
  typeText(client, `echo alive > ${file}\n`);
  await expect.poll(() => readFile(join(host.home, file), "utf8").catch(() => ""), { timeout: 5_000 }).toBe("alive\n");
};

describe("two guacds", () => {
  let guacds: [RunningGuacd, RunningGuacd];
  let gateway: TestGateway;
  let api: SessionApi;
  const ops = opsClient();
  const states = async () => {
    const { value } = await ops;
    const of = (state: string) => value("sallyport_guacds", { state });
    return { up: await of("up"), down: await of("down"), draining: await of("draining") };
  };
  /** Pauses between the tries of one that has failed in test after test grow to 30 s. */
  const allUp = () =>
    vi.waitFor(async () => expect(await states()).toEqual({ up: 2, down: 0, draining: 0 }), { timeout: 35_000 });
  const opened: Opened[] = [];
  const open = async (count: number) => {
    const more = await openMany(api, count);
    opened.push(...more);
    return more;
  };
  beforeAll(async () => {
    guacds = [await startRunningGuacd(), await startRunningGuacd()];
    gateway = await startTestGateway({
      ...(await ops).environment,
      SALLYPORT_GUACD_ADDRESSES: guacds.map(({ address }) => address).join(","),
      SALLYPORT_GUACD_ARGS_TIMEOUT_SECONDS: "1",
    });
    const { cookie } = await gateway.signIn("poweruser");
    api = sessionApi(gateway, cookie, targetOf(host));
    await allUp();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(end));
    await allUp();
  }, 40_000);
  afterAll(async () => {
    await gateway?.close();
    for (const guacd of guacds ?? []) await guacd.stop();
  });

  test("share sessions out: the one that has fewer gets the next", async () => {
    const [first, , third] = await open(4);
    await expectCounts(guacds, [2, 2]);
    // In turn among equals, so these two are on the same one.
    await Promise.all([first, third].map((each) => each && end(each)));
    await expect
      .poll(async () => (await Promise.all(guacds.map((each) => each.connections()))).sort(), { timeout: 5_000 })
      .toEqual([0, 2]);
    await open(2);
    await expectCounts(guacds, [2, 2]);
  });

  test("one killed: its sessions are told within 2 s, the others go on, new ones go to the other, and it is used again when it is back", async () => {
    const [guacd, other] = guacds;
    await open(4);
    await expectCounts(guacds, [2, 2]);
    const ended: Opened[] = [];
    for (const each of opened) void each.client.closed.then(() => ended.push(each));
    const killedAtMs = performance.now();
    await guacd.kill();
    await expect.poll(() => ended.length, { timeout: 5_000, interval: 20 }).toBe(2);
    expect(performance.now() - killedAtMs).toBeLessThan(2_000);
    for (const { id, client } of ended) {
      const detail = "The session host closed the connection.";
      expect(notices(client)).toContainEqual({ kind: "ended", end_reason: "guacd_failed", end_detail: detail });
      await expect.poll(() => api.read(id)).toMatchObject({ status: "ended", end_reason: "guacd_failed" });
    }
    for (const each of opened.filter((one) => !ended.includes(one))) await expectTypes(each);
    await expect.poll(states).toEqual({ up: 1, down: 1, draining: 0 });
    // Not by the next knock, up to 10 s later, but by the sessions that it lost.
    expect(gateway.logs()).toContain("It let go of a session, or fell silent in one.");
    await open(2);
    await expectCounts([other], [4]);

    await guacd.start();
    await allUp();
    await open(2);
    await expectCounts(guacds, [2, 4]);
  }, 60_000);

  test("one gone before anybody has noticed: the session that comes to it goes on at the other", async () => {
    const [guacd, other] = guacds;
    await guacd.kill();
    await open(2);
    await expectCounts([other], [2]);
    expect(gateway.logs()).toContain('"guacd of the pool left out"');
    await guacd.start();
  }, 30_000);

  test("one that hangs in the handshake: the session that comes to it is drawn by the other, and the next ones do not wait", async () => {
    const [guacd, other] = guacds;
    guacd.signal("SIGSTOP");
    await open(2);
    await expectCounts([other], [2]);
    const beganAtMs = performance.now();
    await open(2);
    expect(performance.now() - beganAtMs).toBeLessThan(2_000);
    await expectCounts([other], [4]);
    guacd.signal("SIGCONT");
  }, 30_000);

  test("both gone: a session ends as guacd_failed and says which one could not be reached, and readiness names guacd", async () => {
    for (const guacd of guacds) await guacd.kill();
    const id = await api.create();
    const client = await api.attach(id);
    await client.closed;
    expect(await api.read(id)).toMatchObject({
      end_reason: "guacd_failed",
      end_detail: expect.stringMatching(/^guacd at 127\.0\.0\.1:\d+: connection failed\.$/),
    });
    const ready = await fetch(`${(await ops).url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: "not ready", missing: ["guacd"] }]);
    for (const guacd of guacds) await guacd.start();
  }, 30_000);
});

test("a guacd that is taken out of the configuration keeps its sessions, also for a browser that comes back, gets no new ones, and the log says when it is free", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-drain-"));
  const guacds = [await startRunningGuacd(), await startRunningGuacd()] as const;
  const [leaving, staying] = guacds;
  const file = join(folder, "sallyport.toml");
  const write = (addresses: readonly RunningGuacd[]) =>
    writeFile(file, `guacd.addresses = ${JSON.stringify(addresses.map(({ address }) => address))}\n`);
  await write(guacds);
  const gateway = await startGatewayProcess(folder, {
    env: { SALLYPORT_GUACD_ADDRESSES: undefined, SALLYPORT_TARGETS_SSH_ALLOW: "127.0.0.0/8", ...noRateLimits },
  });
  onTestFinished(async () => {
    await gateway.end("SIGTERM");
    for (const guacd of guacds) await guacd.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const headers = { "x-api-key": gateway.firstKey ?? "" };
  const api = sessionApi(gateway, headers, targetOf(host));
  const sessions = await openMany(api, 2);
  await expectCounts(guacds, [1, 1]);

  await write([staying]);
  gateway.child.kill("SIGHUP");
  expect(await gateway.logged("configuration reread")).toMatchObject({ applied: ["guacd.addresses"] });
  expect(await gateway.logged("guacd drains")).toMatchObject({ address: leaving.address, sessions: 1 });
  await openMany(api, 2);
  await expectCounts(guacds, [1, 3]);
  for (const each of sessions) await expectTypes(each);

  const [first] = sessions;
  if (!first) throw new Error("no session");
  first.client.socket.terminate();
  const back = { id: first.id, client: await api.attach(first.id) };
  await back.client.waitFor(isSync);
  await expectTypes(back);
  expect(gateway.logs.map(({ msg }) => msg)).not.toContain("guacd drained");
  await end(back);
  expect(await gateway.logged("guacd drained")).toMatchObject({ address: leaving.address });
  await expectCounts(guacds, [0, 3]);
}, 40_000);

test("a guacd that speaks TLS has its share when the given authority vouches for it, and none otherwise; what SIGHUP rereads counts", async () => {
  const maker = await startCertificateMaker();
  const others = await startCertificateMaker();
  const secure = await startRunningGuacd(await maker.signed(["IP:127.0.0.1"]));
  const plain = await startRunningGuacd();
  const folder = await mkdtemp(join(tmpdir(), "sallyport-pool-tls-"));
  const caPath = join(folder, "ca.pem");
  await writeFile(caPath, others.authority.pem);
  const ops = await opsClient();
  const gateway = await startGatewayProcess(folder, {
    env: {
      ...ops.environment,
      SALLYPORT_GUACD_ADDRESSES: `${secure.address},${plain.address}`,
      SALLYPORT_GUACD_CA_PATH: caPath,
      SALLYPORT_TARGETS_SSH_ALLOW: "127.0.0.0/8",
      ...noRateLimits,
    },
  });
  onTestFinished(async () => {
    await gateway.end("SIGTERM");
    for (const guacd of [secure, plain]) await guacd.stop();
    for (const each of [maker, others]) await each.remove();
    await rm(folder, { recursive: true, force: true });
  });
  const api = sessionApi(gateway, { "x-api-key": gateway.firstKey ?? "" }, targetOf(host));
  expect(await gateway.logged("guacd of the pool left out")).toMatchObject({ address: secure.address });
  await openMany(api, 2);
  await expectCounts([secure, plain], [0, 2]);

  await writeFile(caPath, maker.authority.pem);
  gateway.child.kill("SIGHUP");
  await gateway.logged("configuration reread");
  await gateway.logged("guacd of the pool is back");
  const [first] = await openMany(api, 2);
  await expectCounts([secure, plain], [2, 2]);
  if (first) await expectTypes(first);

  await rm(caPath);
  gateway.child.kill("SIGHUP");
  expect(await gateway.logged("guacd authority refused, old one kept")).toMatchObject({
    reasons: [expect.stringContaining(caPath)],
  });
  await openMany(api, 2);
  await expectCounts([secure, plain], [3, 3]);
}, 60_000);
