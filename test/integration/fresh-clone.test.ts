import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { npmStart } from "../support/npm-start.ts";

const root = new URL("../..", import.meta.url).pathname;
const minutes = 60_000;
const firstKey = /\bsp_[\w-]{43}/g;

describe("a fresh clone", () => {
  let clone = "";

  beforeAll(async () => {
    const parent = await mkdtemp(join(tmpdir(), "sallyport-clone-"));
    clone = join(parent, "sallyport");
    await promisify(execFile)("git", ["clone", "--quiet", root, clone]);
    return () => rm(parent, { recursive: true, force: true });
  });

  test("needs npm start alone to answer, and shows its first admin key once", { timeout: 8 * minutes }, async () => {
    const first = await npmStart(clone, { env: {}, signal: AbortSignal.timeout(7 * minutes) });
    const health = await fetch(`${first.url}/api/health`);
    expect(health.status).toBe(200);
    expect(await first.stop()).toBe(0);
    expect(first.said().match(firstKey)).toHaveLength(1);

    const second = await npmStart(clone, { env: {}, signal: AbortSignal.timeout(30_000) });
    expect(await second.stop()).toBe(0);
    expect(second.said()).not.toMatch(firstKey);
    expect(second.said(), "the second set-up finds everything in place").not.toContain("•");
  });
});
