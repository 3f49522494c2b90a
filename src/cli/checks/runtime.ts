import { createRequire } from "node:module";
import { type Check, fail, ok, warn } from "./check.ts";

const [leastMajor, leastMinor] = [24, 15];

/** Node's version, and whether ssh2 has its native binding, without which it encrypts several times slower. */
export const checkRuntime = async (): Promise<Check[]> => [checkNode(), checkBinding()];

const checkNode = (): Check => {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const isEnough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  if (isEnough) return ok("Node", `It is version ${node}.`);
  return fail("Node", `It is version ${node}; the gateway needs ${leastMajor}.${leastMinor}.`, "Install a newer Node.");
};

const checkBinding = (): Check => {
  const name = "SSH encryption";
  try {
    createRequire(import.meta.url)("ssh2/lib/protocol/crypto/build/Release/sshcrypto.node");
    return ok(name, "The native part of ssh2 is there.");
  } catch {
    return warn(name, "The native part of ssh2 is missing: SSH sessions are slower.", "Run: npm rebuild ssh2");
  }
};
