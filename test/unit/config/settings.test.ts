import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { configKeys } from "../../../src/config/keys.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { changesAtRunTime, Settings } from "../../../src/config/settings.ts";

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

/** Another value for a key, as the environment gives it. */
const otherValue = ({ path, type, fallback }: (typeof configKeys)[number]): string => {
  if (type === "integer") return String(Number(fallback) + 1);
  if (type === "array") return path.endsWith(".allow") ? "10.1.2.3" : "db-1";
  return { "log.level": "debug", "ssh.host_key_policy": "pinned" }[path] ?? "Other";
};

const changing = configKeys.filter(({ path }) => changesAtRunTime(path) && path !== "guacd.addresses");
test.each(changing)("a reload really applies $path", (key) => {
  const env: NodeJS.ProcessEnv = {};
  const settings = new Settings(() => loadConfig({ file, env }));
  env[key.variable] = otherValue(key);
  expect(settings.reload()).toEqual({ applied: [key.path], waiting: [] });
  expect(settings.config).toEqual(loadConfig({ file, env }).config);
});

test("a reload leaves every other key as it was", () => {
  const [path, url] = ["/elsewhere", "https://gateway.example.com"];
  const env: NodeJS.ProcessEnv = {};
  const settings = new Settings(() => loadConfig({ file, env }));
  const before = settings.config;
  for (const [name, value] of Object.entries({ SERVER_HOST: "::1", SERVER_DATA_DIR: path, SERVER_PUBLIC_URL: url }))
    env[`SALLYPORT_${name}`] = value;
  Object.assign(env, { SALLYPORT_DATABASE_URL: "postgres://a:b@c/d", SALLYPORT_GUACD_ADDRESSES: "other:4822" });
  expect(settings.reload()).toMatchObject({
    applied: [],
    waiting: ["server.host", "server.public_url", "server.data_dir", "database.url", "guacd.addresses"],
  });
  expect(settings.config).toEqual(before);
});

test("a key that waits for a restart is named at every reload until then; an applied one is not", () => {
  const settings = openSettings();
  writeFileSync(file, "[server]\nport = 2\n[session]\nmax_total = 8\n");
  settings.reload();
  expect(settings.reload()).toEqual({ applied: [], waiting: ["server.port"] });
});

test("guacds come and go at run time; from and to a guacd of the gateway's own it waits for a restart", () => {
  const write = (addresses: string) => writeFileSync(file, `guacd.addresses = ${addresses}\n`);
  const settings = openSettings();
  const hosts = () => settings.config.guacd.addresses.map(({ host }) => host);
  write("['a:1']");
  expect(settings.reload().waiting).toContain("guacd.addresses");
  expect(hosts()).toEqual([]);
  const given = openSettings();
  write("['a:1', 'b:2']");
  expect(given.reload()).toEqual({ applied: ["guacd.addresses"], waiting: [] });
  expect(given.config.guacd.addresses.map(({ host }) => host)).toEqual(["a", "b"]);
  write("[]");
  expect(given.reload()).toEqual({ applied: [], waiting: ["guacd.addresses"] });
  expect(given.config.guacd.addresses).toHaveLength(2);
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
