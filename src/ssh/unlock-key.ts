import { createPrivateKey, type KeyObject } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { Secret } from "../core/secret.ts";

/** A key of 100 bcrypt rounds, six times OpenSSH's default, takes about a second. */
const unlockTimeoutMs = 10_000;

export type Unlocked = { readonly key: KeyObject } | "wrong_passphrase" | "too_slow";

/**
 * Opens an encrypted key on a thread of its own: OpenSSH's bcrypt takes 0.2 s of pure computing at its default cost, which
 * nobody's keys on the event loop should wait for, and whoever made the key chooses the cost.
 */
export const unlockKey = async (text: string, passphrase: Secret<string>): Promise<Unlocked> => {
  const worker = new Worker(new URL("./unlock-key-worker.ts", import.meta.url), {
    workerData: { text, passphrase: passphrase.reveal() },
    env: {},
  });
  const { promise, resolve, reject } = Promise.withResolvers<Unlocked>();
  const timer = setTimeout(() => resolve("too_slow"), unlockTimeoutMs);
  worker.once("error", reject);
  worker.once("message", (der: Uint8Array | null) =>
    resolve(
      der ? { key: createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" }) } : "wrong_passphrase",
    ),
  );
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
};
