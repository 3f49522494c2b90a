// What `npm start`, `npm test`, `npm run fuzz` and the benchmarks run first: gets everything they need, then runs them.
// Plain JavaScript without packages, for any Node from 18 on: it is what brings Node 24 and the packages.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
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
 * The program gets a session of its own and so every signal from here: Control-C on a terminal would reach it twice,
 * once by the terminal and once by npm, which it would take for impatience.
 */
function runInstead(program, args) {
  const child = spawn(program, args, { stdio: "inherit", detached: true });
  // A closed terminal ends what it started; without a terminal the signal asks the gateway to read its files again.
  const handed = {
    SIGTERM: "SIGTERM",
    SIGINT: "SIGINT",
    SIGQUIT: "SIGQUIT",
    SIGHUP: process.stdin.isTTY ? "SIGTERM" : "SIGHUP",
  };
  for (const [signal, next] of Object.entries(handed)) {
    let lastMs = Number.NEGATIVE_INFINITY;
    process.on(signal, () => {
      if (performance.now() - lastMs < 300) return;
      lastMs = performance.now();
      child.kill(next);
    });
  }
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
  async bench([name, ...args]) {
    const node = await setUp([]);
    await provideTestTools(root);
    // As bin/sallyport starts Node.
    const flags = readFileSync(join(root, "bin/node-flags"), "utf8").trim().split(" ");
    runInstead(node.path, [...flags, join(root, `test/bench/${name}.ts`), ...args]);
  },
  async fuzz(args) {
    const node = await findNode(root);
    await installDependencies(root, node);
    runInstead(node.path, [join(root, "test/fuzz/main.ts"), ...args]);
  },
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name ?? "")) {
  say("usage: node scripts/bootstrap.mjs start [ARGUMENT…] | test [SUITE…] | bench NAME | fuzz [OPTION…]");
  process.exit(2);
}
try {
  await commands[name](args);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(`✗ ${error.message}\n  Next: ${error.next}`);
  process.exitCode = 1;
}
