import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, Socket } from "node:net";
import type { ClientChannel } from "ssh2";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { ssh } from "../../src/protocols/ssh/index.ts";
import type { SshRelay } from "../../src/ssh/relay.ts";
import { loopbackRoad } from "../support/open-test-client.ts";
import { openTestRelay } from "../support/open-test-relay.ts";
import { prepareWith } from "../support/prepare.ts";
import { openShell, tryFromAnotherProcess, visitRelay } from "../support/relay-visitor.ts";
import { startScriptedSshServer } from "../support/scripted-ssh-server.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";

let host: SshHost;
beforeAll(async () => {
  host = await startSshHost();
});
afterAll(() => host.stop());
afterEach(() => vi.restoreAllMocks());

const openRelay = (options?: Parameters<typeof openTestRelay>[1]) => openTestRelay(host, options);

const openTerminal = async (options: Parameters<typeof openRelay>[0] & { env?: Record<string, string> } = {}) => {
  const relay = await openRelay(options);
  const guacd = await visitRelay(relay.endpoint);
  onTestFinished(() => void guacd.end());
  return { relay, guacd, ...(await openShell(guacd, options.env)) };
};

const refused = (open: (done: (error: Error | undefined) => void) => void) =>
  expect(
    new Promise<void>((resolve, reject) => open((error) => (error ? reject(error) : resolve()))),
  ).rejects.toThrow();

describe("a terminal", () => {
  test("has the size that guacd asks for, and follows it", async () => {
    const { channel, until } = await openTerminal();
    channel.write("stty size\r");
    await until(/^24 80\r$/m);
    channel.setWindow(41, 133, 820, 1330);
    channel.write("stty size\r");
    await until(/^41 133\r$/m);
  });

  test("has guacd's terminal type and erase key", async () => {
    const { channel, until } = await openTerminal();
    channel.write("echo $TERM; stty -a | grep -o 'erase = ..'\r");
    await until(/^xterm-256color\r$/m);
    await until(/^erase = \^\?\r$/m);
  });

  test("gets language and time zone from guacd, nothing else of guacd's host, and the session's own settings first", async () => {
    const { channel, until } = await openTerminal({
      env: { LANG: "de_DE.UTF-8", TZ: "Asia/Tokyo", LC_EVIL: "x", SECRET: "y" },
      environment: { LANG: "C.UTF-8" },
    });
    channel.write("echo $LANG/$TZ/$SECRET.\r");
    expect(await until(/^(C.UTF-8.*)\r$/m)).toBe("C.UTF-8/Asia/Tokyo/.");
  });

  test("carries every character both ways", async () => {
    const { channel, until } = await openTerminal();
    channel.write("printf '<%s>\\n' 'Zoë 😀 漢字'\r");
    await until(/^<Zoë 😀 漢字>\r$/m);
  });

  test("tells how its shell ended", async () => {
    const { relay, channel } = await openTerminal();
    const exit = once(channel, "exit");
    channel.write("exit 7\r");
    expect(await relay.ended).toEqual({ kind: "exit", code: 7, signal: null });
    expect((await exit)[0]).toBe(7);
  });

  test("tells the signal that killed its shell", async () => {
    const { relay, channel } = await openTerminal();
    channel.write("kill -KILL $$\r");
    expect(await relay.ended).toEqual({ kind: "exit", code: null, signal: "SIGKILL" });
  });

  test("a signal without a name that SSH knows, which a target may send as it likes, is told as a signal", async () => {
    const { relay, channel } = await openTerminal();
    const exit = once(channel, "exit");
    channel.write("kill -XCPU $$\r");
    expect(await relay.ended).toEqual({ kind: "exit", code: null, signal: "another" });
    expect((await exit)[0]).toBe(255);
  });

  test("guacd's signals reach what runs there", async () => {
    const { relay, channel, until } = await openTerminal({
      command: "trap 'echo heard; exit 9' USR1; echo ready; while :; do sleep 0.05; done",
    });
    await until(/^ready/m);
    channel.signal("USR1");
    await until(/^heard/m);
    expect(await relay.ended).toEqual({ kind: "exit", code: 9, signal: null });
  });

  test("a command runs instead of a shell; its errors are seen, and its status is told", async () => {
    const { relay, channel, seen } = await openTerminal({
      command: "echo out; echo err >&2; tty >/dev/null && echo tty; exit 3",
    });
    await once(channel, "close");
    expect(await relay.ended).toEqual({ kind: "exit", code: 3, signal: null });
    expect(seen()).toBe("out\r\nerr\r\ntty\r\n");
  });

  test("a flood of output arrives whole at a reader that pauses", async () => {
    const { relay, channel } = await openTerminal({ command: "stty raw; seq 1 600000; sleep 0.2" });
    const hash = createHash("sha256");
    let bytes = 0;
    channel.on("data", (chunk: Buffer) => {
      hash.update(chunk);
      bytes += chunk.length;
      if (bytes % 7 === 0) {
        channel.pause();
        setTimeout(() => channel.resume(), 5);
      }
    });
    await once(channel, "close");
    const expected = createHash("sha256").update(
      Array.from({ length: 600_000 }, (_, index) => `${index + 1}\n`).join(""),
    );
    expect(hash.digest("hex")).toBe(expected.digest("hex"));
    expect((await relay.ended).kind).toBe("exit");
  });
});

describe("the relay's port", () => {
  test("refuses another local process before guacd has come, while it signs in, and after", async () => {
    const relay = await openRelay();
    const { port } = relay.endpoint;
    expect(await tryFromAnotherProcess(port)).toBe("cut");

    const half = connect(port, "127.0.0.1");
    onTestFinished(() => void half.destroy());
    await once(half, "data");
    expect(await tryFromAnotherProcess(port)).toBe("cut");

    const halfClosed = once(half, "close");
    const guacd = await visitRelay(relay.endpoint);
    onTestFinished(() => void guacd.end());
    expect(await tryFromAnotherProcess(port)).toBe("refused");
    await halfClosed;

    const { channel, until } = await openShell(guacd);
    expect(await tryFromAnotherProcess(port)).toBe("refused");
    channel.write("echo still-$((1+1))-here\r");
    await until(/still-2-here/);
  });

  test("serves nothing but the one-time password, and a wrong one does not use it up", async () => {
    const relay = await openRelay();
    await expect(visitRelay(relay.endpoint, { password: "wrong" })).rejects.toThrow("authentication methods failed");
    await expect(visitRelay(relay.endpoint, { password: host.password })).rejects.toThrow(
      "authentication methods failed",
    );
    await expect(visitRelay({ ...relay.endpoint, username: host.username })).rejects.toThrow(
      "authentication methods failed",
    );
    const guacd = await visitRelay(relay.endpoint);
    guacd.end();
  });

  test("gives guacd one terminal: no second one, no forwarding, no file transfer, no command of its own", async () => {
    const { guacd } = await openTerminal();
    await refused((done) => guacd.shell((error) => done(error)));
    await refused((done) => guacd.exec("id", (error) => done(error)));
    await refused((done) => guacd.sftp((error) => done(error)));
    await refused((done) => guacd.forwardOut("127.0.0.1", 1, "127.0.0.1", host.port, (error) => done(error)));
    await refused((done) => guacd.forwardIn("127.0.0.1", 0, (error) => done(error)));
    await refused((done) => guacd.openssh_forwardInStreamLocal("/tmp/relay-test", (error) => done(error ?? undefined)));
    await refused((done) => guacd.openssh_forwardOutStreamLocal("/tmp/relay-test", (error) => done(error)));

    const first = await visitRelay((await openRelay()).endpoint);
    onTestFinished(() => void first.end());
    await refused((done) => first.exec("id", (error) => done(error)));
  });

  test("takes neither an agent nor a display along", async () => {
    const guacd = await visitRelay((await openRelay()).endpoint, { agent: "/nowhere", agentForward: true });
    onTestFinished(() => void guacd.end());
    await refused((done) => guacd.shell((error) => done(error)));
    const other = await visitRelay((await openRelay()).endpoint);
    onTestFinished(() => void other.end());
    await refused((done) => other.shell({ term: "xterm" }, { x11: true }, (error) => done(error)));
    const { channel, until } = await openTerminal();
    channel.write('echo "[$SSH_AUTH_SOCK$DISPLAY]"\r');
    await until(/^\[\]\r$/m);
  });

  test("closes when guacd does not come", async () => {
    const relay = await openRelay({ guacdTimeoutMs: 50 });
    expect(await relay.ended).toEqual({ kind: "unused" });
    expect(await tryFromAnotherProcess(relay.endpoint.port)).toBe("refused");
  });
});

test("Nagle's algorithm is off on the accepted socket and on the one to the target", async () => {
  const setNoDelay = vi.spyOn(Socket.prototype, "setNoDelay");
  const { relay } = await openTerminal();
  const switched = setNoDelay.mock.contexts.filter((socket) => socket instanceof Socket);
  const isSwitched = (matches: (socket: Socket) => boolean) => switched.some(matches);
  expect(isSwitched((socket) => socket.localPort === relay.endpoint.port)).toBe(true);
  expect(isSwitched((socket) => socket.remotePort === host.port)).toBe(true);
  expect(setNoDelay.mock.calls.every(([isOn]) => isOn === true || isOn === undefined)).toBe(true);
});

test("guacd is told the relay's sign-in and never the target's", async () => {
  const relay = await openRelay();
  const session = prepareWith({
    target: { host: host.host, port: host.port },
    username: host.username,
    settings: ssh.parseSettings({ command: "id" }),
    road: loopbackRoad,
    secrets: { password: host.password },
    openSshRelay: async () => relay.endpoint,
  });
  const endpoint = await ssh.prepare?.(session);
  if (!endpoint) throw new Error("ssh prepares nothing");
  const told = JSON.stringify(ssh.plan(endpoint, session.settings));
  expect(told).toContain(relay.endpoint.password?.reveal());
  expect(told).not.toContain(host.password);
  expect(told).not.toContain(host.username);
  expect(told).not.toContain(String(host.port));
});

describe("the end", () => {
  test("guacd hanging up ends the login on the target", async () => {
    const { relay, guacd, channel, until } = await openTerminal();
    channel.write("echo ready-$((1+1))\r");
    await until(/ready-2/);
    guacd.end();
    expect(await relay.ended).toEqual({ kind: "left" });
    await vi.waitFor(() => expect(host.log()).toMatch(/Disconnected from user|Connection closed by/), 3_000);
  });

  test("closing the relay cuts guacd at once", async () => {
    const { relay, guacd } = await openTerminal();
    const cut = once(guacd, "close");
    relay.close();
    await cut;
    expect(await relay.ended).toEqual({ kind: "left" });
  });

  test("a command that ends in the moment in which it starts is told with its status", async () => {
    const server = await startScriptedSshServer((context, connection) => {
      context.accept();
      connection.on("session", (acceptSession) =>
        acceptSession()
          .on("pty", (accept) => accept?.())
          .on("exec", (accept) => {
            const socket: Socket = Reflect.get(connection, "_sock");
            // All of it in one packet.
            socket.cork();
            const channel = accept();
            channel.exit(7);
            channel.end();
            setImmediate(() => socket.uncork());
          }),
      );
    });
    onTestFinished(server.close);
    const relay = await openTestRelay({ port: server.port, username: "u", password: "p" }, { command: "exit 7" });
    const guacd = await visitRelay(relay.endpoint);
    onTestFinished(() => void guacd.end());
    guacd.shell(() => undefined);
    expect(await relay.ended).toEqual({ kind: "exit", code: 7, signal: null });
  });

  test("a target that goes away is told as lost, and guacd is cut", async () => {
    const { relay, channel }: { relay: SshRelay; channel: ClientChannel } = await openTerminal();
    const closed = once(channel, "close");
    await host.restart();
    expect(await relay.ended).toMatchObject({ kind: "lost", cause: expect.stringContaining("127.0.0.1") });
    await closed;
  });
});
