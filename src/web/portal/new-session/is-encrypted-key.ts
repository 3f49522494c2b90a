/**
 * Whether a private key in PEM or OpenSSH's own format needs a passphrase. OpenSSH's blob starts with the magic
 * "openssh-key-v1", then the length and name of the cipher, "none" when open (PROTOCOL.key of OpenSSH).
 */
export const isEncryptedKey = (text: string): boolean => {
  if (/^-+BEGIN ENCRYPTED PRIVATE KEY-+|^Proc-Type: 4,ENCRYPTED/m.test(text)) return true;
  const body = /-+BEGIN OPENSSH PRIVATE KEY-+([A-Za-z0-9+/\s]+)/.exec(text)?.[1]?.replaceAll(/\s/g, "");
  if (body === undefined || body.length < 32) return false;
  const start = atob(body.slice(0, 32));
  return start.startsWith("openssh-key-v1\0") && start.slice(19, 23) !== "none";
};
