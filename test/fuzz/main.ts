import { parseArgs } from "node:util";
import { Fuzzer } from "./parts/fuzzer.ts";
import { targets } from "./parts/targets.ts";

// `npm run fuzz -- --minutes 10`: changes known inputs at random and looks for one that breaks a reader's guarantee.

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    /** Only this one. */
    target: { type: "string" },
    /** The same seed makes the same inputs, as long as corpus and readers are the same. */
    seed: { type: "string" },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Date.now() % 2 ** 32);
const chosen = targets.filter(({ name }) => values.target === undefined || name === values.target);
if (!(minutes > 0) || !Number.isInteger(seed) || chosen.length === 0) {
  console.error(
    `usage: npm run fuzz -- [--minutes N] [--target ${targets.map(({ name }) => name).join("|")}] [--seed N]`,
  );
  process.exit(2);
}

console.log(`Fuzzing ${chosen.map(({ name }) => name).join(", ")} for ${minutes} minutes with seed ${seed}.`);
const fuzzers = chosen.map((target, index) => new Fuzzer(target, seed + index));
for (const fuzzer of fuzzers) await fuzzer.begin();
const endMs = performance.now() + minutes * 60_000;
while (performance.now() < endMs) for (const fuzzer of fuzzers) await fuzzer.runFor(250);

for (const { name, runs, outcomes, faults } of fuzzers.map((fuzzer) => fuzzer.result))
  console.log(`${name}: ${runs} inputs, ${outcomes} outcomes, ${faults} faults`);
if (fuzzers.some(({ result }) => result.faults > 0)) process.exitCode = 1;
