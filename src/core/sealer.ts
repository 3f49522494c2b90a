import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Secret } from "./secret.ts";

/** Keeps secrets at rest. What is sealed under a context (a session id, say) opens under that context only. */
export interface Sealer {
  seal(plain: Buffer | string, context: string): Buffer;
  /** Throws when the bytes were changed, or sealed with another key or context. */
  open(sealed: Buffer, context: string): Buffer;
}

/** The layout: version byte, nonce, tag, cipher text. */
const version = Buffer.from([1]);
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = version.length + nonceBytes + tagBytes;
const cipherName = "aes-256-gcm";

/** Seals with AES-256-GCM under the 32 bytes of `key`, each time with a fresh random nonce. */
export const createSealer = (key: Secret<Buffer>): Sealer => ({
  seal(plain, context) {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(cipherName, key.reveal(), nonce, { authTagLength: tagBytes });
    cipher.setAAD(additionalData(context));
    const body = Buffer.concat([
      typeof plain === "string" ? cipher.update(plain, "utf8") : cipher.update(plain),
      cipher.final(),
    ]);
    return Buffer.concat([version, nonce, cipher.getAuthTag(), body]);
  },
  open(sealed, context) {
    if (sealed.length < headBytes || sealed[0] !== version[0]) throw new Error("not a sealed value");
    const nonce = sealed.subarray(version.length, version.length + nonceBytes);
    const decipher = createDecipheriv(cipherName, key.reveal(), nonce, { authTagLength: tagBytes });
    decipher.setAAD(additionalData(context));
    decipher.setAuthTag(sealed.subarray(headBytes - tagBytes, headBytes));
    return Buffer.concat([decipher.update(sealed.subarray(headBytes)), decipher.final()]);
  },
});

const additionalData = (context: string): Buffer => Buffer.concat([version, Buffer.from(context)]);
