import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "@hono/zod-openapi";

const chunkSchema = z.object({
  file: z.string(),
  css: z.array(z.string()).default([]),
  imports: z.array(z.string()).default([]),
});

/** What a page loads first: its program and its style sheets, as paths. */
export interface PageAssets {
  readonly script: string;
  readonly styles: readonly string[];
  readonly preloads: readonly string[];
}

/** Reads Vite's manifest in `publicPath`/assets and finds the files of a page by its entry (`src/web/portal/main.tsx`). */
export const readPageAssets = async (publicPath: string, entry: string): Promise<PageAssets> => {
  const manifest = z.record(z.string(), chunkSchema).parse(JSON.parse(await readManifest(publicPath)));
  const names = new Set<string>();
  const collect = (name: string) => {
    if (names.has(name)) return;
    names.add(name);
    for (const imported of manifest[name]?.imports ?? []) collect(imported);
  };
  collect(entry);
  const chunks = [...names].flatMap((name) => manifest[name] ?? []);
  const script = manifest[entry];
  if (!script) throw new Error(`the built assets have no ${entry}: build them again with npm run build`);
  return {
    script: `/assets/${script.file}`,
    styles: chunks.flatMap((chunk) => chunk.css.map((file) => `/assets/${file}`)),
    preloads: chunks.filter((chunk) => chunk !== script).map((chunk) => `/assets/${chunk.file}`),
  };
};

const readManifest = (publicPath: string): Promise<string> =>
  readFile(join(publicPath, "assets", "manifest.json"), "utf8").catch((cause) => {
    throw new Error("the web assets are not built: run npm start, or npm run build", { cause });
  });
