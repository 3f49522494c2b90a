import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { listProcessIds, readProcessStat } from "../../src/core/process-stat.ts";
import type { TestCertificate } from "./certificates.ts";
import type { HostPlace } from "./hop-network.ts";
import { shellWindow, shellWindowIsThere } from "./shell-window.ts";
import { signalQuietly } from "./signal-quietly.ts";
import { freePort } from "./ssh-host.ts";
import { makeTestUser } from "./test-user.ts";
import { type XDisplay, xDisplay } from "./x-display.ts";

const run = promisify(execFile);

export interface RdpHostOptions {
  /** Beside the test when absent. */
  readonly place?: HostPlace | undefined;
  /** Which kinds of protection the server takes: TLS, RDP's own, or whichever the client prefers (when absent). */
  readonly securityLayer?: "tls" | "rdp" | "negotiate";
}

/** A real xrdp with a user of its own, on loopback unless it has a place, whose desktop (xorgxrdp) is a shell. Its certificate is self-signed. */
export interface RdpHost {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** The user's home directory, where the shell is. */
  readonly home: string;
  /** The desktop's, from the first login on; it outlives the connection. */
  readonly display: XDisplay;
  /** Resolves when the desktop takes keys. */
  desktopIsThere(): Promise<void>;
  /** Shows another certificate from the next connection on. */
  showCertificate(certificate: TestCertificate): Promise<void>;
  /** What xrdp and its session manager wrote so far. */
  log(): string;
  /** Stops everything, removes the user and all files. */
  stop(): Promise<void>;
}

export const startRdpHost = async (options: RdpHostOptions = {}): Promise<RdpHost> => {
  const user = await makeTestUser("xrdp");
  const { folder, home, username, password } = user;
  const [port, managerPort] = [await freePort(), await freePort()];
  const displayNumber = freeDisplay(port);
  let server: ChildProcess | undefined;
  const stop = async () => {
    if (server) await killNamespace(server);
    for (const file of displayFiles(displayNumber)) await rm(file, { force: true });
    await user.remove();
  };
  try {
    const address = options.place ? "0.0.0.0" : "127.0.0.1";
    await writeConfiguration(folder, { address, port, managerPort, displayNumber, ...options });
    server = launch(folder, options.place?.enter ?? []);
    await listens(port, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    host: options.place?.address ?? "127.0.0.1",
    port,
    username,
    password,
    home,
    display: xDisplay(`:${displayNumber}`, join(home, ".Xauthority")),
    desktopIsThere: () => shellWindowIsThere(home),
    showCertificate: async ({ certPath, keyPath }) => {
      await cp(keyPath, join(folder, "etc", keyFile));
      await cp(certPath, join(folder, "etc", certificateFile));
    },
    log: () => logFiles.map((name) => readFileSync(join(folder, name), "utf8")).join("\n"),
    stop,
  };
};

const logFiles = ["sesman.log", "xrdp.log"];

const displayFiles = (number: number): string[] => [`/tmp/.X${number}-lock`, `/tmp/.X11-unix/X${number}`];

/** Different for each server at a time, as their ports are. */
const freeDisplay = (port: number): number => {
  let number = 100 + (port % 10_000);
  while (displayFiles(number).some((file) => existsSync(file))) number++;
  return number;
};

interface Configuration extends RdpHostOptions {
  address: string;
  port: number;
  managerPort: number;
  displayNumber: number;
}

const keyFile = "test-key.pem";
const certificateFile = "test-cert.pem";

/** Fills `etc`, which the server has in the place of /etc/xrdp: xrdp and its helpers look there whatever they are told. */
const writeConfiguration = async (folder: string, configuration: Configuration): Promise<void> => {
  const etc = join(folder, "etc");
  // Key maps, and the key for RDP's own encryption.
  await cp("/etc/xrdp", etc, { recursive: true, verbatimSymlinks: true });
  const names = ["-subj", "/CN=127.0.0.1", "-keyout", join(etc, keyFile), "-out", join(etc, certificateFile)];
  await run("openssl", [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "2",
    ...names,
  ]);
  await writeFile(join(etc, "xrdp.ini"), xrdpIni(folder, configuration));
  await writeFile(join(etc, "sesman.ini"), sesmanIni(folder, configuration));
  const desktop = shellWindow.map((word) => `'${word}'`).join(" ");
  await writeFile(join(etc, "desktop.sh"), `#!/bin/sh\nexport LC_ALL=C.UTF-8\nexec ${desktop}\n`, { mode: 0o755 });
};

const logging = (folder: string, name: string): string =>
  [`LogFile=${join(folder, name)}`, "LogLevel=INFO", "EnableSyslog=false"].join("\n");

const xrdpIni = (folder: string, { address, port, securityLayer = "negotiate" }: Configuration): string => `
[Globals]
ini_version=1
fork=true
port=tcp://${address}:${port}
tcp_nodelay=true
security_layer=${securityLayer}
crypt_level=high
certificate=/etc/xrdp/${certificateFile}
key_file=/etc/xrdp/${keyFile}
ssl_protocols=TLSv1.2, TLSv1.3
autorun=Xorg
allow_channels=true
max_bpp=32
new_cursors=true
use_fastpath=both
[Logging]
${logging(folder, "xrdp.log")}
[Channels]
rdpdr=true
rdpsnd=true
drdynvc=true
cliprdr=true
[Xorg]
name=Xorg
lib=libxup.so
username=ask
password=ask
ip=127.0.0.1
port=-1
code=20
`;

const sesmanIni = (folder: string, { managerPort, displayNumber }: Configuration): string => `
[Globals]
ListenAddress=127.0.0.1
ListenPort=${managerPort}
EnableUserWindowManager=false
DefaultWindowManager=/etc/xrdp/desktop.sh
[Security]
AllowRootLogin=false
MaxLoginRetry=4
[Sessions]
X11DisplayOffset=${displayNumber}
MaxSessions=10
KillDisconnected=false
Policy=Default
[Logging]
${logging(folder, "sesman.log")}
[Xorg]
param=/usr/lib/xorg/Xorg
param=-config
param=xrdp/xorg.conf
param=-noreset
param=-nolisten
param=tcp
param=-logfile
param=.xorgxrdp.%s.log
[Chansrv]
FuseMountName=.thinclient_drives
FileUmask=077
[ChansrvLogging]
LogLevel=INFO
EnableSyslog=false
`;

/** In namespaces of its own it has its own /etc/xrdp and /run/xrdp, and its first process takes all others along. */
const launch = (folder: string, enter: readonly string[]): ChildProcess => {
  const script = `
    mount --bind "$1" /etc/xrdp
    mkdir -p /run/xrdp
    mount -t tmpfs -o mode=755 none /run/xrdp
    xrdp-sesman --nodaemon &
    exec xrdp --nodaemon`;
  const isolated = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-ec", script];
  const command = ["--pdeathsig", "KILL", ...enter, ...isolated, "xrdp", join(folder, "etc")];
  return spawn("setpriv", command, { stdio: "ignore", cwd: folder });
};

const listens = async (port: number, server: ChildProcess): Promise<void> => {
  const listening = new RegExp(`:${port.toString(16).toUpperCase().padStart(4, "0")} 0{8}:0{4} 0A `);
  for (const deadlineMs = performance.now() + 10_000; ; await delay(20)) {
    // The table of the server's own network, whichever that is.
    const table = await readFile(`/proc/${server.pid}/net/tcp`, "latin1").catch(() => "");
    if (listening.test(table)) return;
    if (server.exitCode !== null || performance.now() > deadlineMs)
      throw new Error("xrdp did not start. It needs root with CAP_SYS_ADMIN, for namespaces of its own.");
  }
};

/** When the first process of the namespace is gone, so are all others; `unshare` ends only then. */
const killNamespace = async (server: ChildProcess): Promise<void> => {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, "exit");
  for (const pid of await listProcessIds()) {
    if ((await readProcessStat(pid))?.parentPid === server.pid) signalQuietly(pid, "SIGKILL");
  }
  await gone;
};
