import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { isEncryptedKey } from "../../../src/web/portal/new-session/is-encrypted-key.ts";

const opensshKey = (cipher: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(cipher.length);
  const body = Buffer.concat([Buffer.from("openssh-key-v1\0"), length, Buffer.from(cipher), Buffer.alloc(64)]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString("base64")}\n-----END OPENSSH PRIVATE KEY-----\n`;
};

const pem = (passphrase?: string) =>
  generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: {
      type: "pkcs8",
      format: "pem",
      ...(passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase }),
    },
  }).privateKey;

test("a key that needs a passphrase is told from one that does not", () => {
  expect(isEncryptedKey(opensshKey("aes256-ctr"))).toBe(true);
  expect(isEncryptedKey(opensshKey("none"))).toBe(false);
  expect(isEncryptedKey(pem("secret"))).toBe(true);
  expect(isEncryptedKey(pem())).toBe(false);
  expect(isEncryptedKey("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n")).toBe(true);
});

test.each(["", "hello", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA"])("%j is no encrypted key", (text) => {
  expect(isEncryptedKey(text)).toBe(false);
});
