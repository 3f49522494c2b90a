import { mostHops } from "./hop-values.ts";
import { readAddress } from "./read-address.ts";
import { readSshLine, type SshLine } from "./read-ssh-line.ts";
import { shellWords } from "./shell-words.ts";

export interface ParsedHop {
  readonly hostname: string;
  readonly port: number | null;
  readonly username: string | null;
}

export interface Way {
  /** The hops that the line names (`-J`, ProxyJump, `ssh -W` as ProxyCommand), in their order. */
  readonly hops: readonly ParsedHop[];
  /** What the line says of the way and the form has no place for; null when there is nothing. */
  readonly leftOut: string | null;
}

/** The hops of an ssh line. */
export const readWay = ({ proxyJump, proxyCommand }: SshLine): Way => {
  if (proxyJump !== null && proxyJump.toLowerCase() !== "none") {
    const hops = proxyJump.split(",").flatMap((text) => readHop(text) ?? []);
    const isWhole = hops.length === proxyJump.split(",").length && hops.length <= mostHops;
    return isWhole ? { hops, leftOut: null } : { hops: [], leftOut: proxyJump };
  }
  if (proxyCommand === null || proxyCommand.toLowerCase() === "none") return { hops: [], leftOut: null };
  // Before OpenSSH 7.3 brought ProxyJump, a hop was `ssh -W %h:%p HOP`.
  const isPassOn = /^\S*ssh\s(.*\s)?-W\s*\[?%h\]?:%p(\s|$)/.test(proxyCommand);
  const inner = isPassOn ? readSshLine(shellWords(proxyCommand).slice(1)) : null;
  const hop = inner === null ? null : readHop(inner.destination);
  if (inner === null || hop === null) return { hops: [], leftOut: proxyCommand };
  const before = readWay(inner);
  const own = { ...hop, port: inner.port ?? hop.port, username: inner.username ?? hop.username };
  return before.leftOut === null ? { hops: [...before.hops, own], leftOut: null } : before;
};

/** Null for what is no address: tokens such as %r that only ssh can fill in, too. */
const readHop = (text: string): ParsedHop | null => {
  const address = readAddress(text.trim());
  if (address === null || address.protocol === "rdp" || address.protocol === "vnc") return null;
  const { hostname, port, username } = address;
  return hostname.startsWith("%") || username?.startsWith("%") ? null : { hostname, port, username };
};
