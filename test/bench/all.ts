// npm run bench: every benchmark, one after another, each writing its section of docs/performance.md.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && file !== "all.ts")
  .map((file) => file.slice(0, -3));
const failed = names.filter((name) => {
  console.log(`\n── ${name} ──`);
  const file = new URL(`${name}.ts`, import.meta.url).pathname;
  return spawnSync(process.execPath, [...process.execArgv, file, "--write"], { stdio: "inherit" }).status !== 0;
});
if (failed.length > 0) console.log(`\nNot measured, or its goal missed: ${failed.join(", ")}.`);
process.exitCode = failed.length > 0 ? 1 : 0;
