import { type KeyPlace, keyPlace } from "../../core/key-place.ts";

/** The port of a place whose `host` is patterns or a hashed name, which say the port themselves. */
export const portOfPatterns = 0;

/** The places that the hosts of a known_hosts line stand for: one for each name, or one for them all when they are patterns. */
export const placesOf = (hosts: string, path: string): KeyPlace[] => {
  if (/[|*?!]/.test(hosts)) return [{ kind: "ssh", path, host: hosts, port: portOfPatterns }];
  return hosts.split(",").map((name) => {
    const [, bracketed, port] = /^\[([^\]]+)\]:(\d{1,5})$/.exec(name) ?? [];
    return keyPlace("ssh", path, bracketed ? { host: bracketed, port: Number(port) } : { host: name, port: 22 });
  });
};
