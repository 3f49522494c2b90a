import { createCipheriv, randomBytes } from "node:crypto";

/** The key of a guacamole-lite that only the benchmark can reach. */
export const liteCrypt = { cypher: "AES-256-CBC", key: "a key of a benchmark, no secret!" } as const;

/** The query of a connection to it, in its own form. */
export const liteQuery = (username: string): string => {
  const iv = randomBytes(16);
  const cipher = createCipheriv(liteCrypt.cypher, liteCrypt.key, iv);
  const connection = { type: "vnc", settings: { hostname: "127.0.0.1", username } };
  const value = Buffer.concat([cipher.update(JSON.stringify({ connection })), cipher.final()]).toString("base64");
  const token = Buffer.from(JSON.stringify({ iv: iv.toString("base64"), value })).toString("base64");
  return `token=${encodeURIComponent(token)}`;
};
