import { open } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { Readable } from "node:stream";

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** Serves the files below `root`; undefined when there is no such file. Built files carry their hash in the name, so they are kept for ever. */
export const staticFile = async (root: string, urlPath: string, headOnly: boolean): Promise<Response | undefined> => {
  const type = types[extname(urlPath)];
  if (type === undefined || !/^[\w./-]+$/.test(urlPath)) return undefined;
  const path = normalize(join(root, urlPath));
  if (!path.startsWith(root + sep)) return undefined;
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  const { size } = await file.stat();
  const headers = {
    "Content-Type": type,
    "Content-Length": String(size),
    "Cache-Control": urlPath.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "public, max-age=3600",
  };
  if (headOnly) {
    await file.close();
    return new Response(null, { headers });
  }
  return new Response(Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>, { headers });
};
