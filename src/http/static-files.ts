import { type FileHandle, open } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { Readable } from "node:stream";
import { acceptedCodings, type ContentCoding, codingSuffixes } from "./content-codings.ts";

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** A built file carries its hash in the name, so it never changes. */
const isHashed = (urlPath: string): boolean => /^\/assets\/[\w./-]+-[\w-]{8}\.\w+$/.test(urlPath);

/**
 * Serves the files below `root`, compressed where the build has done it and the client takes it; undefined when there is no
 * such file. Built files are kept for ever.
 */
export const staticFile = async (
  root: string,
  urlPath: string,
  request: { headOnly: boolean; acceptEncoding: string | undefined },
): Promise<Response | undefined> => {
  const type = types[extname(urlPath)];
  if (type === undefined || !/^[\w./-]+$/.test(urlPath)) return undefined;
  const path = normalize(join(root, urlPath));
  if (!path.startsWith(root + sep)) return undefined;
  const found = await openBest(path, acceptedCodings(request.acceptEncoding));
  if (!found) return undefined;
  const { file, coding } = found;
  const { size } = await file.stat();
  const headers = {
    "Content-Type": type,
    "Content-Length": String(size),
    ...(coding === null ? {} : { "Content-Encoding": coding }),
    Vary: "Accept-Encoding",
    "Cache-Control": isHashed(urlPath) ? "public, max-age=31536000, immutable" : "public, max-age=3600",
  };
  if (request.headOnly) {
    await file.close();
    return new Response(null, { headers });
  }
  return new Response(Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>, { headers });
};

/** The first form that is there; the caller closes it. */
const openBest = async (
  path: string,
  codings: readonly ContentCoding[],
): Promise<{ file: FileHandle; coding: ContentCoding | null } | undefined> => {
  for (const coding of [...codings, null]) {
    const file = await open(coding === null ? path : path + codingSuffixes[coding]).catch(() => undefined);
    if (file) return { file, coding };
  }
  return undefined;
};
