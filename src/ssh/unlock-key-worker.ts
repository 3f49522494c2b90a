import { parentPort, workerData } from "node:worker_threads";
import { readPrivateKey } from "./read-private-key.ts";

/** Runs in a thread of its own: answers with the opened key as PKCS#8, or with null when the passphrase does not open it. */
const open = (text: string, passphrase: string): Buffer | null => {
  try {
    return readPrivateKey(text, passphrase).export({ type: "pkcs8", format: "der" });
  } catch {
    return null;
  }
};

parentPort?.postMessage(open(workerData.text, workerData.passphrase));
