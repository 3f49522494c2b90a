import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../../src/config/load.ts";
import { Settings } from "../../../src/config/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-settings-"));
const file = join(folder, "sallyport.toml");
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => writeFileSync(file, "[server]\nport = 1\n[session]\nmax_total = 7\n"));

const openSettings = () => new Settings(() => loadConfig({ file, env: {} }));

test("a reload applies the keys that may change at run time and names the others, which keep their values", () => {
  const settings = openSettings();
  writeFileSync(
    file,
    "[server]\nport = 2\nsite_title = 'New'\n[session]\nmax_total = 8\n[targets.ssh]\nallow = ['127.0.0.1']\n[log]\nlevel = 'debug'\nformat = 'json'\n",
  );
  expect(settings.reload()).toEqual({
    applied: ["server.site_title", "session.max_total", "targets.ssh.allow", "log.level"],
    waiting: ["server.port", "log.format"],
  });
  const { server, session, targets, log } = settings.config;
  expect([server.port, server.siteTitle, session.maxTotal, targets.ssh.allow, log.level, log.format]).toEqual([
    1,
    "New",
    8,
    ["127.0.0.1"],
    "debug",
    "auto",
  ]);
});

test("a key that waits for a restart is named at every reload until then; an applied one is not", () => {
  const settings = openSettings();
  writeFileSync(file, "[server]\nport = 2\n[session]\nmax_total = 8\n");
  settings.reload();
  expect(settings.reload()).toEqual({ applied: [], waiting: ["server.port"] });
});

test("a broken file is reported and the old values stay", () => {
  const settings = openSettings();
  const before = settings.config;
  writeFileSync(file, "[session]\nmax_total = 'many'\n");
  expect(() => settings.reload()).toThrow("session.max_total");
  expect(settings.config).toBe(before);
});

test("a snapshot taken before a reload does not change", () => {
  const settings = openSettings();
  const before = settings.config;
  writeFileSync(file, "[session]\nmax_total = 8\n");
  settings.reload();
  expect(before.session.maxTotal).toBe(7);
});
