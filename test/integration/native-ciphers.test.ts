import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const binding = "./node_modules/ssh2/lib/protocol/crypto/build/Release/sshcrypto.node";

/** Drops ciphers as sessions do, some freed and some not, until the garbage collector has come between two tasks often. */
const dropCiphers = `
  const { AESGCMCipher, AESGCMDecipher } = require("${binding}");
  const [key, nonce] = [Buffer.alloc(32), Buffer.alloc(12)];
  let rounds = 0;
  const drop = () => {
    const junk = [];
    for (let count = 0; count < 2000; count++) {
      new AESGCMCipher("aes-256-gcm", key, nonce).free();
      new AESGCMDecipher("aes-256-gcm", key, nonce);
      junk.push(Buffer.alloc(4096));
    }
    if (++rounds < 150) setTimeout(drop, 1);
    else console.log("alive");
  };
  drop();
`;

test("the garbage collector frees the compiled ciphers of ended connections without an end of the process", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--max-semi-space-size=2", "-e", dropCiphers]);
  expect(stdout).toBe("alive\n");
});

test("the compiled ciphers ask Node for nothing that ends the process between two tasks", async () => {
  expect((await readFile(binding)).includes("RemoveEnvironmentCleanupHook")).toBe(false);
});
