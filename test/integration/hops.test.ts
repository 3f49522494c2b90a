import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type HopHosts, type JumpHost, jumpHost, startHopHosts } from "../support/hop-hosts.ts";
import { type RdpHost, startRdpHost } from "../support/rdp-host.ts";
import { answer, isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient, typeText } from "../support/tunnel-client.ts";
import { startVncHost, type VncHost } from "../support/vnc-host.ts";

const run = promisify(execFile);

// Sessions through chains of real SSH servers, each in a network of its own: from one to the next is the only way.

let gateway: TestGateway;
let target: SshHost;
let desktop: VncHost;
let windows: RdpHost;
let chain: HopHosts;
const deadPort = 1;
let api: SessionApi;
beforeAll(async () => {
  chain = await startHopHosts(8);
  const place = chain.target;
  [gateway, target, desktop, windows] = await Promise.all([
    startTestGateway(),
    startSshHost({ place, port: 22 }),
    startVncHost({ place }),
    startRdpHost({ place }),
  ]);
  const { cookie } = await gateway.signIn("poweruser");
  api = sessionApi(gateway, cookie, {
    hostname: chain.targetBehind(2),
    port: target.port,
    username: target.username,
    password: target.password,
  });
}, 120_000);
afterAll(async () => {
  await Promise.all(
    [gateway, target, desktop, windows].map((each) => (each && "stop" in each ? each.stop() : each?.close())),
  );
  await chain?.stop();
});

const start = async (jump_hosts: readonly JumpHost[], fields: object = {}) => {
  const id = await api.create({ jump_hosts, ...fields });
  return { id, client: await api.attach(id) };
};
const draw = async (client: TunnelClient) => {
  await client.waitFor(isSync);
  expect(client.received.filter(([opcode]) => opcode === "error")).toEqual([]);
};
const fileHolds = (home: string, name: string, text: string) =>
  expect.poll(() => readFile(join(home, name), "utf8").catch(() => ""), { timeout: 20_000 }).toBe(text);
const endOf = async (id: string, client: TunnelClient) => {
  const { reason } = await client.closed;
  const { end_reason, end_detail } = await api.read(id);
  expect(notices(client).at(-1)).toEqual({ kind: "ended", end_reason, end_detail });
  return { status: reason, end_reason, end_detail };
};
const end = async (client: TunnelClient) => {
  client.send("disconnect");
  await client.closed;
};
const vnc = () => ({
  session_type: "vnc",
  hostname: chain.targetBehind(2),
  port: desktop.port,
  password: desktop.password,
  username: null,
});
const behindOne = () => ({ hostname: chain.targetBehind(1) });
/** How a sentence names that hop. */
const named = (number: number) => `Hop ${number}, ${chain.hop(number).hostname}: ${chain.hop(number).hostname}`;
const doneStep = z
  .object({ step: z.string(), hop: z.int().optional(), state: z.literal("done") })
  .transform(({ step, hop }) => (hop === undefined ? step : `${step} ${hop}`));
const stepsOf = (client: TunnelClient): string[] =>
  notices(client).flatMap((notice) => doneStep.safeParse(notice).data ?? []);

const makeKeyPair = async (passphrase: string) => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-hop-key-"));
  const file = join(folder, "key");
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", file]);
  const [privateKey, publicLine] = await Promise.all([file, `${file}.pub`].map((path) => readFile(path, "utf8")));
  await rm(folder, { recursive: true });
  return { privateKey: privateKey ?? "", publicLine: publicLine?.trim() ?? "", passphrase };
};

describe("through hops", () => {
  test("there is no other way: neither from here nor from any other hop", async () => {
    const reaches = async (enter: readonly string[], host: string) => {
      const dial = ["timeout", "1", "bash", "-c", `exec 3<>/dev/tcp/${host}/22`];
      const [program = "", ...args] = [...enter, ...dial];
      return run(program, args).then(
        () => true,
        () => false,
      );
    };
    const numbers = chain.hosts.map((_, index) => index + 1);
    const ways = numbers.flatMap((from) => [
      { enter: chain.places[from - 1]?.enter ?? [], from, to: numbers.map((count) => chain.targetBehind(count)) },
    ]);
    const fromHere = [
      ...numbers.map((count) => chain.targetBehind(count)),
      ...chain.hosts.slice(1).map(({ host }) => host),
    ];
    expect(await Promise.all(fromHere.map((host) => reaches([], host)))).not.toContain(true);
    for (const { enter, from, to } of ways) {
      const reached = await Promise.all(to.map((host) => reaches(enter, host)));
      expect(reached).toEqual(numbers.map((count) => count === from));
    }
  });

  test.each([1, 2, 3, 8])(
    "SSH reaches the target's shell through %i of them, each told as a step",
    async (count) => {
      const { client } = await start(chain.first(count), { hostname: chain.targetBehind(count) });
      await draw(client);
      typeText(client, `echo through > hops-${count}.txt\n`);
      await fileHolds(target.home, `hops-${count}.txt`, "through\n");
      const hops = Array.from({ length: count }, (_, index) => `hop ${index + 1}`);
      expect(stepsOf(client)).toEqual(["policy", ...hops, "target", "host", "picture"]);
      await end(client);
    },
    60_000,
  );

  test("VNC draws the screen through 2, and typed keys reach its shell", async () => {
    const { client } = await start(chain.first(2), vnc());
    await draw(client);
    typeText(client, "echo vnc > hops.txt\n");
    await fileHolds(desktop.home, "hops.txt", "vnc\n");
    await end(client);
  });

  test("RDP draws the desktop through 2, and typed keys reach its shell", async () => {
    const { port, username, password } = windows;
    const fields = { session_type: "rdp", port, username, password };
    const { client } = await start(chain.first(2), fields);
    await draw(client);
    await windows.desktopIsThere();
    // xrdp loses keys while its desktop comes up.
    await expect
      .poll(
        async () => {
          typeText(client, "echo rdp > hops.txt\n");
          return readFile(join(windows.home, "hops.txt"), "utf8").catch(() => "");
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe("rdp\n");
    const certificates = (await gateway.knownHosts.list()).filter(({ keyType }) => keyType === "x509");
    const [first, second] = chain.first(2);
    expect(certificates).toMatchObject([
      { path: `${first?.hostname}:${first?.port} > ${second?.hostname}:${second?.port}`, port },
    ]);
    await end(client);
  }, 60_000);

  test("a private key, plain or with its passphrase, signs in to a hop", async () => {
    const keys = await Promise.all(["", "open sesame"].map(makeKeyPair));
    const hop = await startSshHost({
      place: chain.places[0],
      passwordMethod: "none",
      authorizedKeys: keys.map(({ publicLine }) => publicLine),
    });
    const { hostname, port, username } = jumpHost(hop);
    for (const { privateKey: private_key, passphrase } of keys) {
      const { client } = await start([{ hostname, port, username, private_key, passphrase }], behindOne());
      await draw(client);
      await end(client);
    }
    await hop.stop();
  });

  test("the fields of older clients name a single hop", async () => {
    const hop = chain.hop(1);
    const id = await api.create({
      ...behindOne(),
      jump_host: hop.hostname,
      jump_port: hop.port,
      jump_username: hop.username,
      jump_password: hop.password,
    });
    const client = await api.attach(id);
    await draw(client);
    expect(stepsOf(client)).toContain("hop 1");
    await end(client);
  });
});

describe("a way that cannot be opened ends the session, and says where", () => {
  const failing = async (jump_hosts: readonly JumpHost[], fields: object = {}) => {
    const { id, client } = await start(jump_hosts, fields);
    return endOf(id, client);
  };
  const hopFailed = (detail: string | RegExp) => ({
    status: "519",
    end_reason: "hop_failed",
    end_detail: expect.stringMatching(detail),
  });

  test("a password that a hop refuses is its, and the target's is not asked for", async () => {
    const [first, second] = [chain.hop(1), chain.hop(2)];
    expect(await failing([first, { ...second, password: "wrong" }])).toEqual(
      hopFailed(`^${named(2)} refused the sign-in of ${second.username}.$`),
    );
  });

  test("a hop with neither password nor key is named", async () => {
    const [first, second] = [chain.hop(1), chain.hop(2)];
    const { password: _, ...bare } = second;
    expect(await failing([first, bare])).toEqual(
      hopFailed(`^${named(2)} wants a password or a key of ${bare.username}, and none was given.$`),
    );
  });

  test("a hop that does not pass on connections is named, not the one behind it", async () => {
    const closed = await startSshHost({ place: chain.places[0], config: ["AllowTcpForwarding no"] });
    const words = (host: string) =>
      `^${named(1)} does not let ${closed.username} pass on connections to ${host} on port 22.`;
    expect(await failing([jumpHost(closed)], behindOne())).toEqual(hopFailed(words(chain.targetBehind(1))));

    expect(await failing([jumpHost(closed), chain.hop(2)])).toEqual(hopFailed(words(chain.hop(2).hostname)));
    await closed.stop();
  });

  test("PermitOpen refuses another way than the one it names", async () => {
    const strict = await startSshHost({ place: chain.places[0], config: [`PermitOpen ${chain.hop(2).hostname}:22`] });
    const { client } = await start([jumpHost(strict), chain.hop(2)]);
    await draw(client);
    await end(client);
    expect(await failing([jumpHost(strict)], behindOne())).toEqual(hopFailed(/^Hop 1, .* pass on connections/));
    await strict.stop();
  });

  test("a hop whose port refuses is named, whether the gateway or a hop dials it", async () => {
    const [first, second] = [chain.hop(1), chain.hop(2)];
    expect(await failing([{ ...first, port: deadPort }])).toEqual(
      hopFailed(`^${named(1)} refuses connections on port ${deadPort}: nothing listens there.$`),
    );
    expect(await failing([first, { ...second, port: deadPort }])).toEqual(
      hopFailed(`^${named(2)} refuses connections on port ${deadPort}, as seen from hop 1, ${first.hostname}: `),
    );
  });

  test("a hop that is no SSH server is named", async () => {
    const [first, second] = [chain.hop(1), chain.hop(2)];
    const hostname = chain.targetBehind(1);
    expect(await failing([first, { ...second, hostname, port: desktop.port }])).toEqual(
      hopFailed(`^Hop 2, ${hostname}: What answers at ${hostname} on port ${desktop.port} is not an SSH server.$`),
    );
  });

  test.each(["ssh", "vnc"])("%s: a target that refuses behind the hops is the target's fault", async (session_type) => {
    expect(await failing(chain.first(2), { session_type, port: deadPort })).toEqual({
      status: "519",
      end_reason: "target_unreachable",
      end_detail: `${chain.targetBehind(2)} refuses connections on port ${deadPort}, as seen from hop 2, ${chain.hop(2).hostname}: nothing listens there.`,
    });
  });

  test("a name that the last hop does not know is told so; the gateway itself does not look it up", async () => {
    expect(await failing(chain.first(2), { hostname: "no-such-host.invalid", port: 22 })).toEqual({
      status: "519",
      end_reason: "target_unreachable",
      end_detail: `The name no-such-host.invalid is not known to hop 2, ${chain.hop(2).hostname}.`,
    });
  });

  test("a sign-in that the target refuses behind hops is asked for again through the same hops", async () => {
    const { client } = await start(chain.first(2), { password: "wrong" });
    await client.waitFor(([opcode]) => opcode === "required");
    answer(client, { username: target.username, password: target.password });
    await draw(client);
    expect(stepsOf(client).filter((step) => step.startsWith("hop"))).toEqual(["hop 1", "hop 2"]);
    await end(client);
  });
});

describe("host keys", () => {
  test("are known by the way that leads to a server, hops and target alike", async () => {
    const [first, second] = [chain.hop(1), chain.hop(2)];
    const { client } = await start([first, second]);
    await draw(client);
    await end(client);
    const rows = await gateway.database.selectFrom("known_host").select(["path", "host"]).execute();
    expect(rows).toEqual(
      expect.arrayContaining([
        { path: "", host: first.hostname },
        { path: `${first.hostname}:22`, host: second.hostname },
        { path: `${first.hostname}:22 > ${second.hostname}:22`, host: chain.targetBehind(2) },
      ]),
    );
  });

  test("a changed or unpinned one of a hop is refused with both fingerprints, and nothing is sent to it", async () => {
    const hop = await startSshHost({ place: chain.places[0] });
    const [pinned] = await hop.hostKeyLines();
    const { client } = await start([jumpHost(hop)], behindOne());
    await draw(client);
    await end(client);
    await hop.restart({ newHostKeys: true });
    const changed = await start([jumpHost(hop)], behindOne());
    const detail = `^${named(1)} showed another host key than the one (seen before|pinned)\\. Now: SHA256:`;
    const refused = { status: "519", end_reason: "host_key_changed", end_detail: expect.stringMatching(detail) };
    expect(await endOf(changed.id, changed.client)).toEqual(refused);
    const wrong = await start([{ ...jumpHost(hop), host_key: pinned ?? "" }], behindOne());
    expect(await endOf(wrong.id, wrong.client)).toEqual(refused);
    const [shown] = await hop.hostKeyLines();
    const right = await start([{ ...jumpHost(hop), host_key: shown ?? "" }], behindOne());
    await draw(right.client);
    await end(right.client);
    expect(hop.log().match(/Accepted password/g)).toHaveLength(2);
    await hop.stop();
  });
});

describe("a hop that goes in the middle of a session ends it as hop_failed, naming the hop", () => {
  test.each([
    ["ssh", 1],
    ["ssh", 2],
    ["vnc", 2],
  ] as const)("%s, hop %i is reset: within a second", async (protocol, number) => {
    const { id, client } = await start(chain.first(2), protocol === "vnc" ? vnc() : {});
    await draw(client);
    const killedAtMs = performance.now();
    await chain.hosts[number - 1]?.signalSessions("SIGKILL");
    const end = await endOf(id, client);
    expect(performance.now() - killedAtMs).toBeLessThan(1_000);
    expect(end).toEqual({
      status: "519",
      end_reason: "hop_failed",
      end_detail: `${named(number)} closed the connection.`,
    });
  });

  test.each([
    ["ssh", 1],
    ["ssh", 2],
    ["vnc", 1],
  ] as const)(
    "%s, hop %i falls silent: within 15 seconds",
    async (protocol, number) => {
      const { id, client } = await start(chain.first(2), protocol === "vnc" ? vnc() : {});
      await draw(client);
      const hop = chain.hosts[number - 1];
      await hop?.signalSessions("SIGSTOP");
      const stoppedAtMs = performance.now();
      const end = await endOf(id, client);
      expect(performance.now() - stoppedAtMs).toBeLessThan(15_500);
      expect(end).toEqual({
        status: "519",
        end_reason: "hop_failed",
        end_detail: expect.stringMatching(`^${named(number)} stopped answering: silent for 1[0-5] s.$`),
      });
      await hop?.signalSessions("SIGKILL");
    },
    30_000,
  );

  test("one that goes while the person is asked for the target's password does so too", async () => {
    const { id, client } = await start(chain.first(2), { password: undefined });
    await client.waitFor(([opcode]) => opcode === "required");
    await chain.hosts[1]?.signalSessions("SIGKILL");
    expect(await endOf(id, client)).toMatchObject({ end_reason: "hop_failed" });
  });
});
