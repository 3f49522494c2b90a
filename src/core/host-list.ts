import { createHmac } from "node:crypto";
import type { Endpoint } from "./endpoint.ts";

/**
 * Whether the hosts of a known_hosts line (sshd(8)) name a place: names with `*` and `?`, `!` before those that are left
 * out, `[name]:port` for another port than 22, or one hashed name `|1|salt|hash`.
 */
export const fitsHostList = (list: string, { host, port }: Endpoint): boolean => {
  const name = port === 22 ? host : `[${host}]:${port}`;
  if (list.startsWith("|")) return isHashOf(list, name);
  const patterns = list.split(",");
  const fits = (pattern: string) => fitsPattern(pattern, name.toLowerCase());
  return (
    patterns.some((pattern) => !pattern.startsWith("!") && fits(pattern)) &&
    !patterns.some((pattern) => pattern.startsWith("!") && fits(pattern.slice(1)))
  );
};

const isHashOf = (hashed: string, name: string): boolean => {
  const [, , salt = "", hash] = hashed.split("|");
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
};

const fitsPattern = (pattern: string, name: string): boolean => {
  const source = pattern
    .toLowerCase()
    .replace(/\*+/g, "*")
    .replace(/[^*?]/g, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su").test(name);
};
