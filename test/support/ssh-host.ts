import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { listProcessIds, readProcessStat } from "../../src/core/process-stat.ts";
import type { HostPlace } from "./hop-network.ts";
import { signalQuietly } from "./signal-quietly.ts";
import { makeTestUser, type TestUser } from "./test-user.ts";

const run = promisify(execFile);

type HostKeyType = "ed25519" | "ecdsa" | "rsa";

export interface SshHostOptions {
  /** Beside the test when absent. */
  readonly place?: HostPlace | undefined;
  /** A free one when absent. */
  readonly port?: number;
  /** ed25519 alone when absent. */
  readonly hostKeyTypes?: readonly HostKeyType[];
  /** Lines of authorized_keys. */
  readonly authorizedKeys?: readonly string[];
  /** How the user may sign in besides a key; `password` when absent. `keyboard-interactive` goes through PAM. */
  readonly passwordMethod?: "password" | "keyboard-interactive" | "none";
  /** True when absent. */
  readonly hasSftp?: boolean;
  /** More lines for sshd_config; they come first, and the first value counts. */
  readonly config?: readonly string[];
}

/** A real OpenSSH server with a user of its own; on loopback unless it has a place. */
export interface SshHost {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** The user's home directory. */
  readonly home: string;
  /** `SHA256:…` of each host key as ssh-keygen prints it now. */
  fingerprints(): Promise<string[]>;
  /** `ssh-ed25519 AAAA…` of each host key now. */
  hostKeyLines(): Promise<string[]>;
  /** What sshd wrote so far. */
  log(): string;
  /** To the processes that serve the user's sessions; the server itself goes on. */
  signalSessions(signal: NodeJS.Signals): Promise<void>;
  /** Stops the server and all its sessions, and starts it again on the same port, with new host keys on request. */
  restart(options?: { newHostKeys?: boolean; hostKeyTypes?: readonly HostKeyType[] }): Promise<void>;
  /** Stops the server; the port refuses connections. `restart` brings it back. */
  pause(): Promise<void>;
  /** Stops everything, removes the user and all files. */
  stop(): Promise<void>;
}

const sshdPath = "/usr/sbin/sshd";

export const startSshHost = async (options: SshHostOptions = {}): Promise<SshHost> => {
  const user = await makeTestUser("sshd");
  const { folder, home, username, password } = user;
  await writeHome(user, options.authorizedKeys ?? []);
  await mkdir("/run/sshd", { recursive: true });

  let keyTypes = options.hostKeyTypes ?? ["ed25519"];
  const keyFile = (type: HostKeyType) => join(folder, `host_${type}`);
  await makeHostKeys(keyTypes.map((type) => [type, keyFile(type)]));
  const port = options.port ?? (await freePort());
  const output: string[] = [];
  const start = async (): Promise<ChildProcess> => {
    const config = join(folder, "sshd_config");
    await writeFile(config, sshdConfig({ ...options, port, username, keyFiles: keyTypes.map(keyFile) }));
    return await launch(config, output, options.place?.enter ?? []);
  };
  let server: ChildProcess | undefined = await start();
  const pause = async () => {
    const stopped = server;
    server = undefined;
    if (stopped) await killServer(stopped, username);
  };
  const eachKey = (read: (file: string) => Promise<string>) => Promise.all(keyTypes.map((type) => read(keyFile(type))));

  return {
    host: options.place?.address ?? "127.0.0.1",
    port,
    username,
    password,
    home,
    fingerprints: () => eachKey(async (file) => (await run("ssh-keygen", ["-lf", file])).stdout.split(" ")[1] ?? ""),
    hostKeyLines: () =>
      eachKey(async (file) => (await readFile(`${file}.pub`, "utf8")).split(" ").slice(0, 2).join(" ")),
    log: () => output.join("\n"),
    signalSessions: async (signal) => {
      const serving = await processesOf(username);
      if (serving.length === 0) throw new Error(`nobody is signed in as ${username}`);
      for (const pid of serving) signalQuietly(pid, signal);
    },
    pause,
    async restart({ newHostKeys = false, hostKeyTypes = keyTypes } = {}) {
      await pause();
      const missing = hostKeyTypes.filter((type) => newHostKeys || !keyTypes.includes(type));
      keyTypes = hostKeyTypes;
      await makeHostKeys(missing.map((type) => [type, keyFile(type)]));
      server = await start();
    },
    async stop() {
      await pause();
      await user.remove();
    },
  };
};

/** A port of 127.0.0.1 that nothing listens on now. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};

const sshdConfig = (options: SshHostOptions & { port: number; username: string; keyFiles: string[] }): string => {
  const method = options.passwordMethod ?? "password";
  const yes = (value: boolean) => (value ? "yes" : "no");
  return [
    ...(options.config ?? []),
    `Port ${options.port}`,
    `ListenAddress ${options.place ? "0.0.0.0" : "127.0.0.1"}`,
    ...options.keyFiles.map((file) => `HostKey ${file}`),
    "PidFile none",
    "LogLevel VERBOSE",
    "StrictModes no",
    "UseDNS no",
    "PrintMotd no",
    "PrintLastLog no",
    "AcceptEnv LANG LC_* TZ",
    `AllowUsers ${options.username}`,
    `UsePAM ${yes(method === "keyboard-interactive")}`,
    `PasswordAuthentication ${yes(method === "password")}`,
    `KbdInteractiveAuthentication ${yes(method === "keyboard-interactive")}`,
    "PubkeyAuthentication yes",
    ...(options.hasSftp === false ? [] : ["Subsystem sftp internal-sftp"]),
    "",
  ].join("\n");
};

const launch = async (config: string, output: string[], enter: readonly string[]): Promise<ChildProcess> => {
  // Whatever ends this process ends the server too.
  const command = ["--pdeathsig", "KILL", ...enter, sshdPath, "-D", "-e", "-f", config];
  const child = spawn("setpriv", command, { stdio: ["ignore", "ignore", "pipe"] });
  const lines = createInterface({ input: child.stderr });
  const listening = Promise.withResolvers<void>();
  lines.on("line", (line) => {
    output.push(line);
    if (line.startsWith("Server listening on")) listening.resolve();
  });
  child.once("error", () => listening.reject(new Error(`${sshdPath} is missing: install openssh-server`)));
  child.once("exit", () => listening.reject(new Error(`sshd ended at its start: ${output.slice(-5).join(" | ")}`)));
  await listening.promise;
  return child;
};

/**
 * sshd gives every connection processes of its own, which outlive the listener. Those still before the sign-in are its
 * descendants; later ones have the user's name in their title, and one may be forking while we look.
 */
const killServer = async (server: ChildProcess, username: string): Promise<void> => {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, "exit");
  let doomed = await descendants(server.pid);
  server.kill("SIGKILL");
  await gone;
  while (doomed.length > 0) {
    for (const pid of doomed) signalQuietly(pid, "SIGKILL");
    await delay(10);
    doomed = await processesOf(username);
  }
};

const processesOf = async (username: string): Promise<number[]> => {
  const titles = await Promise.all(
    (await listProcessIds()).map(
      async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")] as const,
    ),
  );
  return titles.filter(([, title]) => title.startsWith(`sshd: ${username}`)).map(([pid]) => pid);
};

const descendants = async (root: number): Promise<number[]> => {
  const parents = new Map<number, number>();
  for (const pid of await listProcessIds()) {
    const stat = await readProcessStat(pid);
    if (stat) parents.set(pid, stat.parentPid);
  }
  const found = new Set([root]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  found.delete(root);
  return [...found];
};

const makeHostKeys = async (keys: [HostKeyType, string][]): Promise<void> => {
  for (const [type, file] of keys) {
    await rm(file, { force: true });
    await run("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", file]);
  }
};

const writeHome = async ({ home, uid, gid }: TestUser, authorizedKeys: readonly string[]): Promise<void> => {
  await mkdir(join(home, ".ssh"), { recursive: true });
  await writeFile(join(home, ".ssh", "authorized_keys"), `${authorizedKeys.join("\n")}\n`);
  await writeFile(join(home, ".hushlogin"), "");
  for (const name of [".ssh", ".ssh/authorized_keys", ".hushlogin"]) await chown(join(home, name), uid, gid);
};
