import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { promisify } from "node:util";

/** The host's own guacd, or null. */
export const findGuacd = async (): Promise<string | null> => {
  for (const folder of ["/usr/local/sbin", "/usr/sbin", "/usr/local/bin", "/usr/bin"]) {
    const path = `${folder}/guacd`;
    if (await canRun(path)) return path;
  }
  return null;
};

/** Such as `1.3.0`. Rejects when the program cannot be run or does not say. */
export const readGuacdVersion = async (path: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(path, ["-v"], { timeout: versionLimitMs });
  const version = /version (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (version === undefined) throw new Error(`${path} -v told no version`);
  return version;
};

/** Why a version should not be used where it can be helped, or null. Faults by Apache's list of vulnerabilities. */
export const guacdWarning = (version: string): string | null => {
  if (isFrom16(version)) return null;
  return "versions before 1.6.0 have known memory faults that a hostile target can use (CVE-2024-35164 and, before 1.5.4, CVE-2023-43826)";
};

/** Whether it has the argument `cert-fingerprints`. */
export const knowsFingerprints = (version: string | null): boolean => version !== null && isFrom16(version);

const isFrom16 = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 1 || (major === 1 && minor >= 6);
};

const canRun = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const versionLimitMs = 5000;
