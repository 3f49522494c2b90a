import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { debianKeyring, debianMirrors, debianRelease, readSources } from "../../scripts/lib/debian-mirrors.mjs";
import { readDockerfile } from "../support/dockerfile.ts";
import { endProcess } from "../support/run-cli.ts";
import { untilListening } from "../support/until-listening.ts";

// What the image is made of, in a clean Debian instead of a container: docker/install-runtime.sh installs it there, and
// it runs as the Dockerfile says, under what compose.yaml takes away: no root, no capabilities, nothing writable but /data and /tmp.

const run = promisify(execFile);
const project = resolve(import.meta.dirname, "../..");
const image = readDockerfile(join(project, "docker/Dockerfile"));
const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
let folder: string;
let root: string;
let said = "";

/** Runs a script in a mount namespace of its own: what it mounts is gone with it. `$1` is the clean Debian. */
const inNamespace = (script: string, ...args: string[]): [string, string[]] => [
  "unshare",
  ["--mount", "--propagation", "private", "sh", "-euc", script, "sh", root, ...args],
];

const installScript = `
  mount --bind "$2" "$1/build"
  mount -o remount,bind,ro "$1/build"
  exec chroot "$1" env -i ${path} sh /build/docker/install-runtime.sh /build`;

const runScript = `
  root=$1; shift
  mount --bind "$root" "$root"
  mount -o remount,bind,ro "$root"
  mount -t proc proc "$root/proc"
  mount -t tmpfs tmpfs "$root/tmp"
  mount --bind "$root/../data" "$root/data"
  exec chroot "$root" setpriv --reuid=${image.user} --regid=${image.user} --clear-groups \\
    --no-new-privs --bounding-set=-all --inh-caps=-all env -i ${path} "$@"`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-image-"));
  await chmod(folder, 0o755);
  root = join(folder, "root");
  const { codename = "" } = debianRelease(await readFile("/etc/os-release", "utf8")) ?? {};
  const { main } = debianMirrors(readSources(), codename) ?? {};
  if (!main) throw new Error("This host's package sources name no Debian to make a clean one of.");
  await run("mmdebstrap", ["--quiet", "--variant=minbase", `--keyring=${debianKeyring()}`, codename, root, main]);
  await copyFile(process.execPath, join(root, "usr/local/bin/node"));
  await mkdir(join(root, "build"));
  ({ stdout: said } = await run(...inNamespace(installScript, project)));
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = async (): Promise<{ gateway: ChildProcess; port: string }> => {
  await run("cp", ["--archive", join(root, "data"), join(folder, "data")]);
  const environment = { ...image.environment, SALLYPORT_SERVER_PORT: "0", SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" };
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const [program, args] = inNamespace(runScript, ...variables, ...image.command);
  const gateway = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(async () => void (await endProcess(gateway)));
  const { url } = await untilListening(gateway);
  return { gateway, port: new URL(url).port };
};

/** The image's own check of a container, in the same place. */
const isHealthy = async (port: string): Promise<boolean> => {
  const args = [root, "env", "-i", path, `SALLYPORT_SERVER_PORT=${port}`, ...image.healthcheck];
  return run("chroot", args).then(
    () => true,
    () => false,
  );
};

test("the gateway serves as the image's user, with a root that cannot be written and no capabilities", async () => {
  const { gateway, port } = await start();
  expect((await fetch(`http://127.0.0.1:${port}/api/health`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  expect(await isHealthy(port)).toBe(true);
  const status = await readFile(`/proc/${gateway.pid}/status`, "utf8");
  expect(status).toMatch(/^Uid:\t10001\t10001\t10001\t10001$/m);
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
    expect(status).toMatch(new RegExp(`^${set}:\t0+$`, "m"));
  const mounts = await readFile(`/proc/${gateway.pid}/mountinfo`, "utf8");
  expect(mounts).toMatch(/^\S+ \S+ \S+ \S+ \/ ro,/m);
  const { uid, mode } = await stat(join(folder, "data/sallyport.db"));
  expect([uid, mode & 0o777]).toEqual([10001, 0o600]);
  const stoppedAtMs = performance.now();
  expect(await endProcess(gateway)).toBe(0);
  expect(performance.now() - stoppedAtMs).toBeLessThan(10_000);
  expect(await isHealthy(port)).toBe(false);
});

test("nothing of the installation is the user's, and nothing of development is there", async () => {
  expect(said).toMatch(/^sallyport \d+\.\d+\.\d+\n$/);
  const installed = join(root, "opt/sallyport");
  const { stdout } = await run("find", [
    installed,
    "!",
    "-type",
    "l",
    "(",
    "-not",
    "-user",
    "0",
    "-o",
    "-perm",
    "/022",
    ")",
  ]);
  expect(stdout).toBe("");
  const there = [...(await readdir(installed)), ...(await readdir(join(installed, "node_modules")))];
  expect(there).toEqual(expect.arrayContaining(["bin", "src", "migrations", "public", "hono", "ssh2"]));
  expect(
    there.filter((name) => /^(test|scripts|\.toolchain|data|vite|react|typescript|swagger-ui-dist)$/.test(name)),
  ).toEqual([]);
  expect(await readdir(join(installed, "src"))).not.toContain("web");
});
