import { randomBytes, randomUUID } from "node:crypto";
import { chmod, link, lstat, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Secret } from "../core/secret.ts";

/** Where the gateway keeps what must outlive it. */
export interface DataDir {
  readonly path: string;
  readonly databasePath: string;
  /** For files of the running gateway only; swept when one starts. */
  readonly runPath: string;
  /** Others on this machine can look into it. */
  readonly isOpenToOthers: boolean;
}

const keyBytes = 32;

/** Makes the directory (mode 0700) where it is missing; an existing one keeps its mode. */
export const openDataDir = async (path: string): Promise<DataDir> => {
  await mkdir(path, { recursive: true, mode: 0o700 });
  return describeDataDir(path);
};

/** The data directory that is there, or null. */
export const findDataDir = (path: string): Promise<DataDir | null> =>
  describeDataDir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });

const describeDataDir = async (path: string): Promise<DataDir> => {
  // Through the directory itself, so that a symbolic link to it is followed.
  const { mode } = await lstat(join(path, "."));
  return {
    path,
    databasePath: join(path, "sallyport.db"),
    runPath: join(path, "run"),
    isOpenToOthers: (mode & 0o077) !== 0,
  };
};

/** Empties the folder of running files, which a killed gateway left behind. Only for the holder of the lock. */
export const sweepRunPath = async ({ runPath, path }: DataDir): Promise<void> => {
  await mkdir(runPath, { recursive: true, mode: 0o700 });
  const left = (await readdir(runPath)).map((name) => join(runPath, name));
  const drafts = (await readdir(path)).filter((name) => name.startsWith(draftPrefix)).map((name) => join(path, name));
  await Promise.all([...left, ...drafts].map((file) => rm(file, { recursive: true, force: true })));
};

const draftPrefix = "key.draft-";

/**
 * The 32 bytes under which secrets are sealed, from the file `key`, which is made (mode 0600) when it is missing. Throws
 * when the file does not hold a key or others may read it.
 */
export const loadKey = async ({ path }: DataDir): Promise<Secret<Buffer>> => {
  const file = join(path, "key");
  await makeKey(path, file);
  const { mode } = await lstat(file);
  if ((mode & 0o077) !== 0) throw new Error(`${file} can be read by others; run: chmod 600 ${file}`);
  const key = await readFile(file);
  if (key.length !== keyBytes)
    throw new Error(`${file} is not a key file: it holds ${key.length} bytes, not ${keyBytes}`);
  return new Secret(key);
};

/** Written whole beside it and then linked, so that no one ever sees half a key and an existing one is never replaced. */
const makeKey = async (path: string, file: string): Promise<void> => {
  if (await lstat(file).catch(() => null)) return;
  const draft = join(path, draftPrefix + randomUUID());
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(randomBytes(keyBytes));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(draft, 0o600);
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
};
