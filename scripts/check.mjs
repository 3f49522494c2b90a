// `npm run check`: everything that can be told without running the product, at once. Quiet unless something is wrong.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findNode } from "./lib/node.mjs";
import { capture } from "./lib/run.mjs";
import { say, secondsSince } from "./lib/steps.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const checks = {
  biome: ["@biomejs/biome/bin/biome", "check", "--error-on-warnings", "--colors=off"],
  "types of the server": ["typescript/bin/tsc", "--project", "."],
  "types of the pages": ["typescript/bin/tsc", "--project", "src/web"],
  knip: ["knip/bin/knip.js", "--no-progress"],
  imports: ["vitest/vitest.mjs", "run", "--project", "architecture"],
};

const start = performance.now();
const node = await findNode(root);
const outcomes = await Promise.all(Object.entries(checks).map(([name, command]) => check(name, command)));
for (const { name, code, output } of outcomes) {
  if (code !== 0) say(`\n── ${name} ──\n${output.trim()}`);
}
const failed = outcomes.filter(({ code }) => code !== 0).map(({ name }) => name);
say(
  failed.length > 0
    ? `\nFailed after ${secondsSince(start)}: ${failed.join(", ")}`
    : `All good after ${secondsSince(start)}.`,
);
process.exitCode = failed.length > 0 ? 1 : 0;

async function check(name, [program, ...args]) {
  const begun = performance.now();
  const env = { ...process.env, NO_COLOR: "1" };
  const { code, output } = await capture(node.path, [join(root, "node_modules", program), ...args], { cwd: root, env });
  say(`${code === 0 ? "✓" : "✗"} ${name.padEnd(20)} ${secondsSince(begun)}`);
  return { name, code, output };
}
