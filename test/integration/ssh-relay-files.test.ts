import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Client } from "ssh2";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { SshRelay } from "../../src/ssh/relay.ts";
import { openTestRelay } from "../support/open-test-relay.ts";
import { guardForMine, openShell, tryFromAnotherProcess, visitRelay } from "../support/relay-visitor.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";

// The second connection of a relay that may carry files, visited by OpenSSH's own programs.

let host: SshHost;
let folder: string;
beforeAll(async () => {
  host = await startSshHost();
  folder = await mkdtemp(join(tmpdir(), "sallyport-relay-files-"));
  await writeFile(join(folder, "askpass"), '#!/bin/sh\necho "$RELAY_PASSWORD"\n');
  await chmod(join(folder, "askpass"), 0o700);
});
afterAll(async () => {
  await host.stop();
  await rm(folder, { recursive: true });
});

const openRelay = async (options: Parameters<typeof openTestRelay>[1] = {}) =>
  openTestRelay(host, { filesAllowed: true, guard: await guardForMine(), ...options });

/** A relay whose terminal is there, as guacd has it when it comes for files. */
const openTerminal = async (options?: Parameters<typeof openRelay>[0]) => {
  const relay = await openRelay(options);
  const guacd = await visitRelay(relay.endpoint);
  onTestFinished(() => void guacd.end());
  return { relay, guacd, ...(await openShell(guacd)) };
};

/** One of OpenSSH's clients, signed in at a relay; words after its address are its own. */
const start = (relay: SshRelay, program: "ssh" | "sftp", options: string[], words: string[] = []): ChildProcess => {
  const { host: address, port, username, password } = relay.endpoint;
  const settings = [
    `Port=${port}`,
    `User=${username}`,
    "BatchMode=no",
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "LogLevel=ERROR",
  ];
  const child = spawn(program, [...settings.map((setting) => `-o${setting}`), ...options, address, ...words], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      SSH_ASKPASS: join(folder, "askpass"),
      SSH_ASKPASS_REQUIRE: "force",
      RELAY_PASSWORD: password?.reveal(),
    },
    stdio: "pipe",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
};
const resultOf = async (child: ChildProcess) => {
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
    once(child, "exit"),
  ]);
  return { code, stdout, stderr };
};
const sftp = (relay: SshRelay, commands: readonly string[]) => {
  const child = start(relay, "sftp", ["-b", "-"]);
  child.stdin?.end(`${commands.join("\n")}\n`);
  return resultOf(child);
};
const openFiles = (client: Client) =>
  new Promise((resolve, reject) => client.sftp((error, files) => (error ? reject(error) : resolve(files))));
const hashOf = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

describe("where files are allowed", () => {
  test("OpenSSH's sftp carries 20 MB there and back, unchanged, while the terminal goes on", async () => {
    const { relay, channel, until } = await openTerminal();
    const [sent, there, back] = [join(folder, "sent"), join(host.home, "there"), join(folder, "back")];
    await writeFile(sent, randomBytes(20 << 20));
    const moving = sftp(relay, [`put ${sent} there`, `get there ${back}`, "ls"]);
    channel.write("echo still-$((1+1))-here\r");
    await until(/still-2-here/);
    expect(await moving).toMatchObject({ code: 0, stderr: "" });
    expect(await hashOf(there)).toBe(await hashOf(sent));
    expect(await hashOf(back)).toBe(await hashOf(sent));
    channel.write("exit 4\r");
    expect(await relay.ended).toEqual({ kind: "exit", code: 4, signal: null });
  });

  test("the port closes behind the second connection, and to everybody else it was closed before", async () => {
    const relay = await openRelay();
    const { port } = relay.endpoint;
    const stranger = () => tryFromAnotherProcess(port);
    const terminal = await visitRelay(relay.endpoint);
    onTestFinished(() => void terminal.end());
    await expect(visitRelay(relay.endpoint, { password: host.password })).rejects.toThrow("authentication methods");
    const files = await visitRelay(relay.endpoint);
    onTestFinished(() => void files.end());
    expect(await stranger()).toBe("refused");
    await expect(visitRelay(relay.endpoint)).rejects.toThrow();
  });

  test("it closes as well when nobody comes for files in time", async () => {
    const { relay, channel, until } = await openTerminal({ guacdTimeoutMs: 500 });
    await expect.poll(() => tryFromAnotherProcess(relay.endpoint.port), { timeout: 5_000 }).toBe("refused");
    channel.write("echo still-$((1+1))-here\r");
    await until(/still-2-here/);
  });

  test("a target without SFTP says so, and keeps its terminal", async () => {
    const bare = await startSshHost({ hasSftp: false });
    onTestFinished(() => bare.stop());
    const relay = await openTestRelay(bare, { filesAllowed: true, guard: await guardForMine() });
    const guacd = await visitRelay(relay.endpoint);
    onTestFinished(() => void guacd.end());
    const { channel, until } = await openShell(guacd);
    expect(await sftp(relay, ["ls"])).toMatchObject({
      code: 255,
      stderr: expect.stringContaining("Connection closed"),
    });
    channel.write("echo still-$((1+1))-here\r");
    await until(/still-2-here/);
  });

  test("files end with the session, however it ends", async () => {
    for (const end of ["shell", "relay"] as const) {
      const { relay, channel } = await openTerminal();
      const files = await visitRelay(relay.endpoint);
      await openFiles(files);
      const gone = once(files, "close");
      if (end === "shell") channel.write("exit\r");
      else relay.close();
      await gone;
    }
  });
});

describe("the second connection serves nothing but SFTP", () => {
  test.each([
    ["a command", [], ["id"], "exec request failed"],
    ["a shell", [], [], "shell request failed"],
    ["another subsystem", ["-s"], ["netconf"], "subsystem request failed"],
    ["a way out", ["-W", "127.0.0.1:22"], [], "stdio forwarding failed"],
    ["a way in", ["-N", "-R", "0:127.0.0.1:22", "-o", "ExitOnForwardFailure=yes"], [], "forwarding failed"],
  ])("not %s", async (_, options, words, message) => {
    const { relay } = await openTerminal();
    const { code, stderr, stdout } = await resultOf(start(relay, "ssh", options, words));
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(code).toBe(255);
  });

  test("and that once", async () => {
    const { relay } = await openTerminal();
    const files = await visitRelay(relay.endpoint);
    onTestFinished(() => void files.end());
    await openFiles(files);
    await expect(openFiles(files)).rejects.toThrow();
  });
});

test("without the leave for files there is no second connection, and the first has no SFTP", async () => {
  const { relay, guacd } = await openTerminal({ filesAllowed: false });
  await expect(openFiles(guacd)).rejects.toThrow();
  expect(await sftp(relay, ["ls"])).toMatchObject({ code: 255, stderr: expect.stringContaining("Connection refused") });
});
