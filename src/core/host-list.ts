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

/** Not by a regular expression, which many stars would make take for ever: each part goes to the first place where it fits. */
const fitsPattern = (pattern: string, name: string): boolean => {
  const [first = "", ...parts] = pattern.toLowerCase().split("*");
  const fitsAt = (part: string, at: number) =>
    at + part.length <= name.length && [...part].every((sign, index) => sign === "?" || sign === name[at + index]);
  const last = parts.pop();
  if (last === undefined) return first.length === name.length && fitsAt(first, 0);
  if (!fitsAt(first, 0)) return false;
  let at = first.length;
  for (const part of parts) {
    while (!fitsAt(part, at)) if (++at > name.length) return false;
    at += part.length;
  }
  return name.length - last.length >= at && fitsAt(last, name.length - last.length);
};
