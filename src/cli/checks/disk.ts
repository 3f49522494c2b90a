import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Config } from "../../config/schema.ts";
import { type Check, fail, ok, warn } from "./check.ts";

const [leastMiB, enoughMiB] = [100, 1024];

/** Whether the data directory has room to grow. */
export const checkDisk = async ({ server: { dataDir } }: Config): Promise<Check[]> => {
  const { bavail, bsize } = await statfs(dataDir).catch(() => statfs(dirname(resolve(dataDir))));
  const freeMiB = Math.floor((bavail * bsize) / 2 ** 20);
  const message = `${freeMiB} MiB are free for ${dataDir}.`;
  const fix = "Free some, or move server.data_dir.";
  if (freeMiB < leastMiB) return [fail("disk", message, fix)];
  return [freeMiB < enoughMiB ? warn("disk", message, fix) : ok("disk", message)];
};
