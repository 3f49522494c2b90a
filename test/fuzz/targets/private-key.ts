import { generateKeyPairSync } from "node:crypto";
import { AppError } from "../../../src/core/errors.ts";
import { Secret } from "../../../src/core/secret.ts";
import { needsPassphrase, parsePrivateKey } from "../../../src/ssh/keys.ts";
import { toOpenSsh } from "../../../src/ssh/openssh-format.ts";
import { expectThat, type FuzzTarget } from "../parts/fuzz-target.ts";

const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const edwards = generateKeyPairSync("ed25519").privateKey;
const openSsh = toOpenSsh(edwards)?.privatePem ?? "";
const pkcs8 = edwards.export({ type: "pkcs8", format: "pem" }).toString();
const encrypted = elliptic.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }).toString();
const sec1 = elliptic.export({ type: "sec1", format: "pem" }).toString();

/**
 * A private key that somebody brings, without its passphrase: opened, or refused with a sentence that quotes nothing of it.
 * Behind the first byte of an OpenSSH key stands its content, so that changes get past the base64.
 */
export const privateKey: FuzzTarget = {
  name: "private-key",
  seeds: [
    ...[openSsh, pkcs8, encrypted, sec1].map((text) => Buffer.from(`\0${text}`)),
    ...[openSsh, pkcs8, sec1].map((text, index) => Buffer.concat([Buffer.of(index + 1), bodyOf(text)])),
  ],
  words: [
    "-----BEGIN OPENSSH PRIVATE KEY-----\n",
    "-----END OPENSSH PRIVATE KEY-----\n",
    "Proc-Type: 4,ENCRYPTED\n",
    "none",
    "aes256-ctr",
    "bcrypt",
    "\0\0\0\x04",
  ],

  async run(input) {
    const [kind = 0] = input;
    const rest = input.subarray(1);
    const label = [null, "OPENSSH PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY"][kind % 4] ?? null;
    const text = label === null ? rest.toString("utf8") : armoured(label, rest);
    const key = new Secret(text);
    try {
      const isEncrypted = needsPassphrase(key);
      const { keyType, privateKey: opened } = await parsePrivateKey(key, null);
      expectThat(!isEncrypted, "a key that needs a passphrase opens without one");
      const again = await parsePrivateKey(opened, null);
      expectThat(again.keyType === keyType && !needsPassphrase(opened), "what was opened does not read as itself");
      return `${label}: ${keyType}`;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "invalid_request") throw error;
      expectThat(error.field === "private_key" || error.field === "passphrase", "no field is named");
      return `${label}: ${error.detail}`;
    }
  },
};

const armoured = (label: string, body: Buffer): string =>
  [`-----BEGIN ${label}-----`, ...(body.toString("base64").match(/.{1,70}/g) ?? []), `-----END ${label}-----`, ""].join(
    "\n",
  );

function bodyOf(text: string): Buffer {
  return Buffer.from(text.replace(/-----[^\n]*-----/g, ""), "base64");
}
