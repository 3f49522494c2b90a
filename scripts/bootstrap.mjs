// What `npm start` and `npm test` run first: gets everything the gateway needs, then runs it or the tests.
// Plain JavaScript without packages, for any Node from 18 on: it is what brings Node 24 and the packages.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAssets } from "./lib/assets.mjs";
import { installDependencies } from "./lib/dependencies.mjs";
import { provideGuacd } from "./lib/guacd.mjs";
import { findNode } from "./lib/node.mjs";
import { SetupError, say, secondsSince } from "./lib/steps.mjs";
import { provideTestTools } from "./lib/test-tools.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../..");

async function setUp(serveArgs) {
  const start = performance.now();
  const node = await findNode(root);
  await installDependencies(root, node);
  await provideGuacd(root, serveArgs);
  await buildAssets(root, node);
  say(`Set-up ready after ${secondsSince(start)}: Node ${node.version}, packages, guacd, web pages.`);
  return node;
}

/**
 * Runs a program in this one's place: hands signals on and ends with its exit code.
 * Control-C on a terminal reaches the whole foreground group, so handing it on would count as a second, impatient one.
 */
function runInstead(program, args) {
  const child = spawn(program, args, { stdio: "inherit" });
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  // A closed terminal ends what it started; without a terminal the signal asks the gateway to read its files again.
  process.on("SIGHUP", () => child.kill(process.stdin.isTTY ? "SIGTERM" : "SIGHUP"));
  child.on("error", (error) => {
    say(`${program} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

const commands = {
  async start(args) {
    await setUp(args);
    runInstead(join(root, "bin/sallyport"), ["serve", ...args]);
  },
  async test(args) {
    const node = await setUp([]);
    await provideTestTools(root);
    runInstead(node.path, [join(root, "scripts/test.mjs"), ...args]);
  },
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name ?? "")) {
  say("usage: node scripts/bootstrap.mjs start [ARGUMENT…] | test [SUITE…]");
  process.exit(2);
}
try {
  await commands[name](args);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(`✗ ${error.message}\n  Next: ${error.next}`);
  process.exitCode = 1;
}
