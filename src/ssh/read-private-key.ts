import { createPrivateKey, type KeyObject } from "node:crypto";
import ssh2 from "ssh2";

/** Reads an OpenSSH or PEM private key. Throws whatever the readers throw; slow for encrypted keys, on purpose of theirs. */
export const readPrivateKey = (text: string, passphrase: string | null): KeyObject => {
  if (!text.includes("BEGIN OPENSSH PRIVATE KEY")) {
    return createPrivateKey({ key: text, format: "pem", ...(passphrase === null ? {} : { passphrase }) });
  }
  const parsed = ssh2.utils.parseKey(text, passphrase ?? undefined);
  if (parsed instanceof Error) throw parsed;
  // The file may hold several keys; OpenSSH itself never writes more than one.
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  return createPrivateKey(key.getPrivatePEM());
};
