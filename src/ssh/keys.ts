import type { KeyObject } from "node:crypto";
import { AppError } from "../core/errors.ts";
import { Secret } from "../core/secret.ts";
import { firstString, toOpenSsh } from "./openssh-format.ts";
import { readPrivateKey } from "./read-private-key.ts";
import { unlockKey } from "./unlock-key.ts";

/** A private key that has been opened: ready to sign, whatever it was written as. */
export interface ParsedKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256` (384, 521) or `ssh-rsa`. */
  readonly keyType: string;
  /** For an authorized_keys file, without a comment. */
  readonly publicLine: string;
  /** The key without its passphrase, in OpenSSH's format. */
  readonly privateKey: Secret<string>;
}

/**
 * Opens an Ed25519, ECDSA or RSA key in OpenSSH's, PEM (PKCS#1, SEC1) or PKCS#8 format. Throws AppError
 * `invalid_request` on field `private_key`, or `passphrase` when that is what is wrong. A passphrase that an unencrypted
 * key does not need is ignored, as OpenSSH does.
 */
export const parsePrivateKey = async (
  privateKey: Secret<string>,
  passphrase: Secret<string> | null,
): Promise<ParsedKey> => {
  const text = tidy(privateKey.reveal());
  refuseOtherFiles(text);
  const key = isEncrypted(text) ? await openEncrypted(text, passphrase) : openPlain(text);
  const written = toOpenSsh(key);
  if (!written) throw badKey("This kind of key is not for SSH: use Ed25519, ECDSA (P-256, P-384, P-521) or RSA.");
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) > maxRsaBits) {
    throw badKey(`This RSA key has more than ${maxRsaBits} bits.`);
  }
  return {
    keyType: written.keyType,
    publicLine: `${written.keyType} ${written.publicBlob.toString("base64")}`,
    privateKey: new Secret(written.privatePem),
  };
};

/** Whether a key can be opened with its passphrase only. Throws AppError on field `private_key` for what is no key. */
export const needsPassphrase = (privateKey: Secret<string>): boolean => {
  const text = tidy(privateKey.reveal());
  refuseOtherFiles(text);
  return isEncrypted(text);
};

/** A signature of a longer one would hold the event loop up for half a second. */
const maxRsaBits = 8_192;

const badKey = (detail: string): AppError => new AppError("invalid_request", detail, { field: "private_key" });

const badPassphrase = (detail: string): AppError => new AppError("invalid_request", detail, { field: "passphrase" });

/** What copying and pasting does to a key: line ends of Windows, blanks around lines, no last newline. */
const tidy = (text: string): string =>
  `${text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .join("\n")
    .trim()}\n`;

const refuseOtherFiles = (text: string): void => {
  if (text.startsWith("PuTTY-User-Key-File")) {
    throw badKey("This is a PuTTY key. Export it as an OpenSSH key in PuTTYgen first.");
  }
  if (/^(ssh-|ecdsa-|sk-)|^-----BEGIN (RSA )?PUBLIC KEY|^---- BEGIN SSH2 PUBLIC/.test(text)) {
    throw badKey("This is the public half of a key; the private half is needed.");
  }
  const armour = /^-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----\n[\s\S]+\n-----END ([A-Z0-9 ]*PRIVATE KEY)-----\n$/.exec(
    text,
  );
  if (!armour || armour[1] !== armour[2]) {
    throw badKey("This is not a private key: it begins with -----BEGIN … PRIVATE KEY----- and ends with a line alike.");
  }
};

const isEncrypted = (text: string): boolean =>
  text.includes("BEGIN ENCRYPTED PRIVATE KEY") ||
  /^Proc-Type: 4,ENCRYPTED$/m.test(text) ||
  (openSshCipher(text) ?? "none") !== "none";

/** The first string of an OpenSSH file after its magic word; `none` says that there is no passphrase. */
const openSshCipher = (text: string): string | undefined => {
  const body = /BEGIN OPENSSH PRIVATE KEY-----\n([\s\S]+)\n-----END/.exec(text)?.[1];
  return body && firstString(Buffer.from(body, "base64").subarray("openssh-key-v1\0".length));
};

const openPlain = (text: string): KeyObject => {
  try {
    return readPrivateKey(text, null);
  } catch {
    // The reader's own words may quote what it read.
    throw badKey("This private key cannot be read. It may be incomplete.");
  }
};

const openEncrypted = async (text: string, passphrase: Secret<string> | null): Promise<KeyObject> => {
  if (passphrase === null || passphrase.reveal() === "") {
    throw badPassphrase("This key is encrypted; its passphrase is missing.");
  }
  if (hasUnknownCipher(text)) {
    throw badKey("This key is encrypted in a way that the gateway does not know. Encrypt it anew with ssh-keygen -p.");
  }
  if (pbkdf2Rounds(text) > maxPbkdf2Rounds) throw badKey("Opening this key would take too long.");
  const unlocked = await unlockKey(text, passphrase);
  if (unlocked === "too_slow") throw badKey("Opening this key takes too long. Encrypt it with fewer rounds.");
  if (unlocked === "wrong_passphrase") throw badPassphrase("The passphrase does not open this key.");
  return unlocked.key;
};

/** OpenSSL has put single DES away, and ssh2 cannot open files with ChaCha20. */
const hasUnknownCipher = (text: string): boolean =>
  /^DEK-Info: DES-CBC,/m.test(text) || openSshCipher(text)?.startsWith("chacha20") === true;

/** About five seconds. Beyond, a thread would compute for hours that nothing can interrupt. */
const maxPbkdf2Rounds = 10_000_000;

/** PKCS#8 (RFC 8018, A.2): PBKDF2's identifier, then a sequence of the salt and the count. 0 when it is not used. */
const pbkdf2Rounds = (text: string): number => {
  const body = /BEGIN ENCRYPTED PRIVATE KEY-----\n([\s\S]+)\n-----END/.exec(text)?.[1] ?? "";
  const der = Buffer.from(body, "base64");
  const found = der.indexOf(Buffer.from("06092a864886f70d01050c", "hex"));
  if (found < 0) return 0;
  const salt = found + 11 + 2;
  const count = salt + 2 + (der[salt + 1] ?? 0);
  const length = der[count + 1] ?? 0;
  return length > 6
    ? Number.POSITIVE_INFINITY
    : Number.parseInt(der.toString("hex", count + 2, count + 2 + length) || "0", 16);
};
