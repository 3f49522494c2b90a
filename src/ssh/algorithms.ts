import type { Algorithms, ServerHostKeyAlgorithm } from "ssh2";

/**
 * What the gateway offers to servers. Strong ones first: the client's order decides, and both sides' lists are part of
 * what the key exchange signs, so nobody in between can make two strong ends use a weak one. The old ones at the end
 * (SHA-1, CBC) are for network gear that has nothing else, which people reach through a gateway more than anything. Left
 * out for good: DSA, group 1, 3DES, RC4, MD5.
 */
export const clientAlgorithms = (knownKeyTypes: readonly string[]): Algorithms => ({
  kex: { append: ["diffie-hellman-group-exchange-sha1", "diffie-hellman-group14-sha1"], prepend: [], remove: [] },
  cipher: { append: ["aes256-cbc", "aes192-cbc", "aes128-cbc"], prepend: [], remove: [] },
  serverHostKey: [
    ...hostKeys.filter(({ keyType }) => knownKeyTypes.includes(keyType)),
    ...hostKeys.filter(({ keyType }) => !knownKeyTypes.includes(keyType)),
  ].map(({ algorithm }) => algorithm),
});

const hostKeys: readonly { keyType: string; algorithm: ServerHostKeyAlgorithm }[] = [
  { keyType: "ssh-ed25519", algorithm: "ssh-ed25519" },
  { keyType: "ecdsa-sha2-nistp256", algorithm: "ecdsa-sha2-nistp256" },
  { keyType: "ecdsa-sha2-nistp384", algorithm: "ecdsa-sha2-nistp384" },
  { keyType: "ecdsa-sha2-nistp521", algorithm: "ecdsa-sha2-nistp521" },
  { keyType: "ssh-rsa", algorithm: "rsa-sha2-512" },
  { keyType: "ssh-rsa", algorithm: "rsa-sha2-256" },
  { keyType: "ssh-rsa", algorithm: "ssh-rsa" },
];
