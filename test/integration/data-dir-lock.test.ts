import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LockHeldError, lockDataDir } from "../../src/db/lock.ts";

const lockModule = new URL("../../src/db/lock.ts", import.meta.url).href;
let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-lock-"));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** Another process that tries to take the folder, says how that went and stays. */
const contender = async (): Promise<{ child: ChildProcess; said: string }> => {
  const script = `
    const { lockDataDir } = await import(${JSON.stringify(lockModule)});
    try { lockDataDir(${JSON.stringify(folder)}); console.log("held"); } catch (error) { console.log(error.name); }
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [said] = await once(child.stdout, "data");
  return { child, said: String(said).trim() };
};

test("a held directory is refused with the id of the process that holds it", async () => {
  const { child } = await contender();
  expect(() => lockDataDir(folder)).toThrow(LockHeldError);
  expect(() => lockDataDir(folder)).toThrow(`in use by process ${child.pid}`);
});

test("of processes that start together exactly one gets it", async () => {
  const all = await Promise.all(Array.from({ length: 5 }, contender));
  expect(all.map(({ said }) => said).sort()).toEqual([
    "LockHeldError",
    "LockHeldError",
    "LockHeldError",
    "LockHeldError",
    "held",
  ]);
});

test("a holder that was killed leaves nothing in the way", async () => {
  const { child } = await contender();
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(existsSync(join(folder, "gateway.pid"))).toBe(true);
  lockDataDir(folder).release();
});

test("after its release the directory can be taken again", async () => {
  lockDataDir(folder).release();
  expect((await contender()).said).toBe("held");
});
