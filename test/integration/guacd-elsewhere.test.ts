import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { guacdAccount, makeGuacdHome } from "../../src/guacd/guacd-account.ts";
import { guacdPath } from "../support/guacd.ts";
import { startHopHosts } from "../support/hop-hosts.ts";
import { makeNetworkNamespace, type NetworkNamespace } from "../support/network-namespace.ts";
import { endProcess, runCli } from "../support/run-cli.ts";
import { isSync, sessionApi } from "../support/session-api.ts";
import { freePort, type SshHost, startSshHost } from "../support/ssh-host.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { type TunnelClient, typeText } from "../support/tunnel-client.ts";
import { startVncHost, type VncHost } from "../support/vnc-host.ts";

// guacd in a network of its own, as in a container: it reaches the gateway by one address and cannot see its loopback.

let network: NetworkNamespace;
let guacd: ChildProcess;
let guacdHome: string;
let gateway: TestGateway;
let cookie: string;

beforeAll(async () => {
  network = await makeNetworkNamespace();
  const [address] = network.there;
  const account = await guacdAccount();
  guacdHome = await makeGuacdHome(account);
  const [program, ...args] = [...network.enter, ...account.wrapper, await guacdPath()];
  guacd = spawn(program ?? "", [...args, "-b", address, "-l", "4822", "-f", "-L", "warning"], {
    stdio: "ignore",
    env: { PATH: process.env.PATH, HOME: guacdHome, LANG: "C.UTF-8" },
  });
  await vi.waitFor(async () => expect(await canConnect(address, 4822)).toBe(true), 10_000);
  gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: `${address}:4822`,
    SALLYPORT_SSH_FORWARD_BIND_ADDRESS: network.here,
  });
  ({ cookie } = await gateway.signIn("poweruser"));
});
afterAll(async () => {
  await gateway?.close();
  if (guacd) await endProcess(guacd);
  await network?.remove();
  if (guacdHome) await rm(guacdHome, { recursive: true, force: true });
});

const canConnect = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

const drawn = async (client: TunnelClient) => {
  await client.waitFor(([opcode, layer]) => opcode === "size" && layer === "0");
  await client.waitFor(isSync);
};
const fileHolds = (path: string, wanted: RegExp) =>
  expect.poll(() => readFile(path, "utf8").catch(() => ""), { timeout: 10_000 }).toMatch(wanted);

/** What somebody gets who comes to a port of the gateway from `from`, over there or here: `served` or `cut`. */
const knock = async (port: number, from: string): Promise<string> => {
  const script = `
    const socket = require("node:net").connect({ port: ${port}, host: "${network.here}", localAddress: "${from}" });
    const say = (word) => { console.log(word); process.exit(0); };
    socket.on("error", (error) => say(error.code === "ECONNRESET" ? "cut" : error.code));
    socket.on("data", () => say("served"));
    socket.on("close", () => say("cut"));`;
  const enter = from === network.here ? [] : network.enter;
  const [program = "", ...args] = [...enter, process.execPath, "-e", script];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  return (await text(child.stdout)).trim();
};

/** Ports that are listened on at this end of the cable, by the kernel's table. */
const doors = async (): Promise<number[]> => {
  const address = network.here.split(".").map(Number).reverse();
  const hex = Buffer.from(address).toString("hex").toUpperCase();
  const table = await readFile("/proc/net/tcp", "latin1");
  return [...table.matchAll(new RegExp(` ${hex}:([0-9A-F]{4}) 00000000:0000 0A `, "g"))].map(([, port = ""]) =>
    Number.parseInt(port, 16),
  );
};

describe("SSH", () => {
  let host: SshHost;
  beforeAll(async () => {
    host = await startSshHost();
    return () => host.stop();
  });

  test("a session draws, takes keys, and leaves no door open", async () => {
    const { port, username, password } = host;
    const api = sessionApi(gateway, cookie, { hostname: host.host, port, username, password });
    const client = await api.attach(await api.create());
    await drawn(client);
    typeText(client, "echo far > typed.txt\n");
    await fileHolds(join(host.home, "typed.txt"), /^far\n$/);
    expect(await doors()).toEqual([]);
    client.send("disconnect");
    await client.closed;
  });
});

describe("VNC", () => {
  let host: VncHost;
  beforeAll(async () => {
    host = await startVncHost();
    return () => host.stop();
  });

  test("a session draws, and while its door is open only guacd's address is let in", async () => {
    const api = sessionApi(gateway, cookie, { session_type: "vnc", hostname: host.host, port: host.port });
    const id = await api.create({ password: host.password });
    const client = await api.attach(id);
    await drawn(client);
    const [door = 0, ...others] = await doors();
    expect(others).toEqual([]);
    const [guacdAddress, stranger] = network.there;

    expect(await knock(door, stranger)).toBe("cut");
    expect(await knock(door, network.here)).toBe("cut");
    const refused = gateway.logs().matchAll(/"peerAddress":"([^"]+)".*"forward visitor refused"/g);
    expect([...refused].map(([, address]) => address)).toEqual([stranger, network.here]);
    // The same knock from guacd's own address goes through to the target, so it was the address that decided.
    expect(await knock(door, guacdAddress)).toBe("served");

    client.send("disconnect");
    await expect.poll(doors, { timeout: 10_000 }).toEqual([]);
  });
});

test("through hops it is the same: the shell leaves no door, the desktop's is for guacd's address alone", async () => {
  const chain = await startHopHosts(1);
  const place = chain.target;
  const [shell, desktop] = await Promise.all([startSshHost({ place, port: 22 }), startVncHost({ place })]);
  try {
    const { username, password } = shell;
    const fields = { hostname: chain.targetBehind(1), jump_hosts: chain.first(1) };
    const api = sessionApi(gateway, cookie, fields);
    const typing = await api.attach(await api.create({ port: 22, username, password }));
    await drawn(typing);
    typeText(typing, "echo far > typed.txt\n");
    await fileHolds(join(shell.home, "typed.txt"), /^far\n$/);
    expect(await doors()).toEqual([]);

    const vnc = { session_type: "vnc", port: desktop.port, password: desktop.password };
    const looking = await api.attach(await api.create(vnc));
    await drawn(looking);
    const [door = 0, ...others] = await doors();
    expect(others).toEqual([]);
    expect(await canConnect("127.0.0.1", door)).toBe(false);
    const [guacdAddress, stranger] = network.there;
    expect(await knock(door, stranger)).toBe("cut");
    expect(await knock(door, network.here)).toBe("cut");
    expect(await knock(door, guacdAddress)).toBe("served");
    for (const client of [typing, looking]) client.send("disconnect");
    await expect.poll(doors, { timeout: 10_000 }).toEqual([]);
  } finally {
    await Promise.all([shell.stop(), desktop.stop()]);
    await chain.stop();
  }
}, 60_000);

test("a gateway that lacks the address does not start, and says which key", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-bind-"));
  const env = {
    SALLYPORT_SERVER_PORT: String(await freePort()),
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_SSH_FORWARD_BIND_ADDRESS: "192.0.2.1",
  };
  const { code, stderr } = await runCli(["serve"], { cwd: folder, env });
  expect(code).toBe(1);
  expect(stderr).toContain("ssh.forward_bind_address: this host does not have 192.0.2.1");
  await rm(folder, { recursive: true });
});
