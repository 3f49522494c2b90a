/** A server's public key as files and people write it. */
export interface HostKeyLine {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256` (384, 521) or `ssh-rsa`. */
  readonly keyType: string;
  /** The key's blob in base64. */
  readonly publicKey: string;
}

/**
 * Reads `ssh-ed25519 AAAA…` or one line of a known_hosts file (sshd(8)). The line's host names are not looked at: whoever
 * pins a key says by the field which host it belongs to. Undefined for anything else, marked lines (`@revoked`) included.
 */
export const parseHostKeyLine = (text: string): HostKeyLine | undefined => {
  const words = text.trim().split(/[ \t]+/);
  const at = words.findIndex((word) => /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521))$/.test(word));
  const [keyType, publicKey] = words.slice(at, at + 2);
  if (at < 0 || at > 1 || words[0]?.startsWith("@") || /[\r\n]/.test(text.trim())) return undefined;
  if (!keyType || !publicKey || !/^[A-Za-z0-9+/]+={0,2}$/.test(publicKey)) return undefined;
  const blob = Buffer.from(publicKey, "base64");
  const name = Buffer.concat([Buffer.of(0, 0, 0, keyType.length), Buffer.from(keyType)]);
  if (blob.length <= name.length + 4 || !blob.subarray(0, name.length).equals(name)) return undefined;
  return { keyType, publicKey: blob.toString("base64") };
};
