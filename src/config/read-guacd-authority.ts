import { readFile } from "node:fs/promises";
import type { Config } from "./schema.ts";

/** The certificates (PEM) that vouch for guacds over TLS, as the file has them now; null when the configuration names none. */
export const readGuacdAuthority = async ({ guacd: { caPath } }: Config): Promise<string | null> =>
  caPath === null ? null : await readFile(caPath, "utf8");
