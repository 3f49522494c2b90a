// Runs the suites one after another and adds them up. `npm test` calls it after the set-up; arguments name suites.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { endLeftovers, endStubbornLeftovers, runVariable } from "./lib/leftovers.mjs";
import { secondsSince } from "./lib/steps.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const suites = ["architecture", "unit", "integration", "endurance", "e2e"];
const run = { id: randomUUID(), folder: mkdtempSync(join(tmpdir(), "sallyport-tests-")) };
chmodSync(run.folder, 0o755); // guacd and the tests' sshd work in it as users of their own

process.once("exit", () => {
  endLeftovers(run);
  rmSync(run.folder, { recursive: true, force: true });
});
for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
  process.once(signal, () => process.exit(code));
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : suites;
const unknown = chosen.filter((name) => !suites.includes(name));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(", ")}. There are: ${suites.join(", ")}.`);
  process.exit(2);
}

const results = [];
for (const suite of chosen) results.push(await runSuite(suite));

console.log("");
for (const failure of results.flatMap(({ failures }) => failures)) console.log(`${failure}\n`);
for (const { suite, duration, passed, failed } of results) {
  console.log(`${suite.padEnd(12)} ${duration.padStart(8)}   ${passed} passed, ${failed} failed`);
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
process.exitCode = sum("failed") > 0 || sum("passed") === 0 ? 1 : 0;
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);

/** Runs one suite. A suite that ran no test, skipped one or broke outside its tests has failed. */
async function runSuite(suite) {
  console.log(`\n── ${suite} ──`);
  const start = performance.now();
  const report = join(run.folder, `${suite}.json`);
  const code = await vitest([
    "run",
    "--project",
    suite,
    "--reporter",
    "default",
    "--reporter",
    "json",
    "--outputFile.json",
    report,
  ]);
  const { passed, failed, skipped, failures } = read(report);
  const leftovers = await endStubbornLeftovers(run, 5);
  for (const line of leftovers) console.log(`A test left this process behind: ${line}`);
  if (skipped > 0) console.log(`${skipped} tests were skipped: a test runs or goes.`);
  const broken = code !== 0 && failed === 0 ? 1 : 0;
  if (broken) console.log(`The suite ${suite} ended with exit code ${code} outside of any test: see above.`);
  const faults = failed + skipped + leftovers.length + broken;
  return { suite, duration: secondsSince(start), passed, failed: faults, failures };
}

function vitest(args) {
  return new Promise((done) => {
    const env = { ...process.env, [runVariable]: run.id, TMPDIR: run.folder };
    const child = spawn(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...args], {
      cwd: root,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", () => done(127));
    child.on("exit", (code) => done(code ?? 1));
  });
}

/** What vitest's report says: how many tests did what, and each failure in words, to be told again at the end of the run. */
function read(report) {
  try {
    const told = JSON.parse(readFileSync(report, "utf8"));
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests, numTodoTests } = told;
    const failures = told.testResults.flatMap(({ name, message, assertionResults }) => {
      const faults = assertionResults.map(({ fullName, failureMessages }) => [fullName, ...failureMessages]);
      return [["outside of any test", message], ...faults]
        .filter(([, first]) => first)
        .map((lines) => `✗ ${relative(root, name)}: ${lines.join("\n").replace(/\n.*node_modules.*/g, "")}`);
    });
    return { passed, failed, skipped: numPendingTests + numTodoTests, failures };
  } catch {
    return { passed: 0, failed: 0, skipped: 0, failures: [] };
  }
}
