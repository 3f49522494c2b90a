import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { listProcessIds } from "../../src/core/process-stat.ts";

/** The ways in which a secret may lie about: as it is, in base64 (also of URLs), hex, percent signs, and as a JSON string. */
const spellings = (secret: string): string[] => {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  // The last characters of base64 depend on what follows.
  const inner = [0, 1, 2].flatMap((pad) =>
    (["base64", "base64url"] as const).map((encoding) =>
      Buffer.concat([Buffer.alloc(pad), bytes])
        .toString(encoding)
        .replace(/=+$/, "")
        .slice(4, -2),
    ),
  );
  return [secret, bytes.toString("latin1"), json, encodeURIComponent(secret), bytes.toString("hex"), ...inner];
};

/** Names of the secrets that `bytes` hold in any spelling. */
export const secretsIn = (bytes: Buffer | string, secrets: Readonly<Record<string, string>>): string[] => {
  const text = typeof bytes === "string" ? bytes : bytes.toString("latin1");
  return Object.entries(secrets).flatMap(([name, secret]) =>
    spellings(secret).some((spelling) => text.includes(spelling)) ? [name] : [],
  );
};

/** Which file below `folder` holds which secret. */
export const secretsInFiles = async (folder: string, secrets: Readonly<Record<string, string>>): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found = files.map(async (file) => secretsIn(await readFile(file), secrets).map((name) => `${file}: ${name}`));
  return (await Promise.all(found)).flat();
};

/** Which process of this machine has which secret among its arguments or in its environment. */
export const secretsInProcesses = async (secrets: Readonly<Record<string, string>>): Promise<string[]> => {
  const sources = (await listProcessIds()).flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
  const found = sources.map(async (file) => {
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    return secretsIn(bytes, secrets).map((name) => `${file}: ${name}`);
  });
  return (await Promise.all(found)).flat();
};
