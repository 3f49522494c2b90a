import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findDataDir, loadKey, openDataDir, sweepRunPath } from "../../../src/config/data-dir.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-data-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test("a missing data directory is made for its owner only", async () => {
  const dataDir = await openDataDir(join(folder, "a", "data"));
  expect(modeOf(dataDir.path)).toBe(0o700);
  expect(dataDir.isOpenToOthers).toBe(false);
});

test("an existing directory keeps its mode, and it shows when others can look in", async () => {
  chmodSync(folder, 0o750);
  expect(await openDataDir(folder)).toMatchObject({ isOpenToOthers: true });
  expect(modeOf(folder)).toBe(0o750);
});

test("a directory is found when it is there and not made when it is not", async () => {
  expect(await findDataDir(join(folder, "none"))).toBeNull();
  expect(existsSync(join(folder, "none"))).toBe(false);
  expect(await findDataDir(folder)).toMatchObject({ path: folder });
});

test("the key file is made once, for its owner only, and holds 32 bytes", async () => {
  const dataDir = await openDataDir(folder);
  const keys = await Promise.all([loadKey(dataDir), loadKey(dataDir)]);
  const key = await loadKey(dataDir);
  expect(key.reveal()).toHaveLength(32);
  for (const other of keys) expect(other.reveal()).toEqual(key.reveal());
  expect(modeOf(join(folder, "key"))).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["key"]);
});

test("a key file that others may read is refused with what to run", async () => {
  writeFileSync(join(folder, "key"), Buffer.alloc(32), { mode: 0o644 });
  await expect(loadKey(await openDataDir(folder))).rejects.toThrow(`chmod 600 ${join(folder, "key")}`);
});

test("a key file of another length is refused, not replaced", async () => {
  writeFileSync(join(folder, "key"), "short", { mode: 0o600 });
  await expect(loadKey(await openDataDir(folder))).rejects.toThrow("holds 5 bytes, not 32");
  expect(statSync(join(folder, "key")).size).toBe(5);
});

test("the sweep removes what a killed gateway left, and follows no link out of the folder", async () => {
  const dataDir = await openDataDir(join(folder, "data"));
  mkdirSync(join(dataDir.runPath, "guacd"), { recursive: true });
  writeFileSync(join(dataDir.runPath, "guacd", "x"), "");
  writeFileSync(join(dataDir.path, "key.draft-1"), "");
  writeFileSync(join(folder, "kept"), "");
  symlinkSync(folder, join(dataDir.runPath, "out"));
  await sweepRunPath(dataDir);
  expect(readdirSync(dataDir.runPath)).toEqual([]);
  expect(readdirSync(dataDir.path)).toEqual(["run"]);
  expect(existsSync(join(folder, "kept"))).toBe(true);
});
