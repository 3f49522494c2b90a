import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

// What the pages weigh, built here and now: what lies in public/assets may be old or missing.

const firstLimitBytes = 40_000;
const wholeLimitBytes = 60_000;
const portalLimitBytes = 180_000;
const sessionPage = "src/web/session/main.ts";
const portal = "src/web/portal/main.tsx";
const files = new Map<string, Rolldown.OutputChunk | Rolldown.OutputAsset>();
const root = resolve(import.meta.dirname, "../..");

beforeAll(async () => {
  // Vitest says "test", with which React would be built for development.
  vi.stubEnv("NODE_ENV", "production");
  const outputs = await build({ root, logLevel: "silent", build: { write: false } });
  if (!Array.isArray(outputs) && !("output" in outputs)) throw new Error("vite watches instead of building");
  for (const { output } of Array.isArray(outputs) ? outputs : [outputs])
    for (const file of output) files.set(file.fileName, file);
}, 60_000);

afterAll(() => void vi.unstubAllEnvs());

const bytesOf = (name: string): number => {
  const file = files.get(name);
  if (!file) throw new Error(`The build has no ${name}`);
  return gzipSync(file.type === "chunk" ? file.code : file.source).length;
};

/** The chunk of an entry with all it needs, styles included; with `isLater` also what it loads when it is asked for. */
const weigh = (entry: string, isLater: boolean): number => {
  const start = [...files.values()].find((file) => file.type === "chunk" && file.facadeModuleId?.endsWith(entry));
  if (!start) throw new Error(`The build has no chunk of ${entry}`);
  const seen = new Set([start.fileName]);
  for (const name of seen) {
    const chunk = files.get(name);
    if (chunk?.type !== "chunk") continue;
    const styles = chunk.viteMetadata?.importedCss ?? [];
    for (const next of [...chunk.imports, ...styles, ...(isLater ? chunk.dynamicImports : [])]) seen.add(next);
  }
  return [...seen].reduce((sum, name) => sum + bytesOf(name), 0);
};

test("no more than 40 KB of the session page, gzipped, come before the first picture", () => {
  expect(weigh(sessionPage, false)).toBeLessThanOrEqual(firstLimitBytes);
});

test("the session page with all its panels has no more than 60 KB, gzipped", () => {
  expect(weigh(sessionPage, true)).toBeLessThanOrEqual(wholeLimitBytes);
  expect(weigh(sessionPage, true)).toBeGreaterThan(weigh(sessionPage, false));
});

test("no more than 180 KB of the portal, gzipped, come before sign-in or the first page after it is drawn", () => {
  expect(weigh(portal, false)).toBeLessThanOrEqual(portalLimitBytes);
  expect(weigh(portal, true)).toBeGreaterThan(weigh(portal, false));
});
