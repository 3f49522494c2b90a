import { defineConfig } from "vitest/config";

/** A suite is a folder of test/. Two files at once fill the two cores of the smallest machine that we test on. */
function suite(name: string, settings: { testTimeout: number; fileParallelism: boolean }) {
  const hookTimeout = Math.max(settings.testTimeout, 30_000);
  // Waits end with what they wait for; a busy machine must not end them sooner.
  const expect = { poll: { timeout: Math.min(settings.testTimeout, 10_000) } };
  return { test: { name, include: [`test/${name}/**/*.test.ts`], hookTimeout, expect, ...settings } };
}

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    allowOnly: false,
    projects: [
      suite("architecture", { testTimeout: 60_000, fileParallelism: true }),
      suite("unit", { testTimeout: 5_000, fileParallelism: true }),
      suite("integration", { testTimeout: 30_000, fileParallelism: true }),
      suite("endurance", { testTimeout: 600_000, fileParallelism: false }),
      // One browser at a time: two would wait for each other's frames.
      suite("e2e", { testTimeout: 60_000, fileParallelism: false }),
    ],
  },
});
