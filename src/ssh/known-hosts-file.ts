import { parseHostKeyLine } from "../core/host-key-line.ts";

/** A key of a known_hosts file, and the hosts that it stands for. */
export interface KnownHostsEntry {
  /** In the file, from 1. */
  readonly line: number;
  /** As the line spells them: names, patterns, or one hashed name (`fitsHostList`). */
  readonly hosts: string;
  readonly isRevoked: boolean;
  readonly keyType: string;
  /** The key's blob in base64. */
  readonly publicKey: string;
}

export interface KnownHostsFile {
  readonly entries: readonly KnownHostsEntry[];
  /** What cannot be taken over, with a reason for people. */
  readonly skipped: readonly { readonly line: number; readonly why: string }[];
}

/** Reads a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). Blank lines and comments are nothing. */
export const parseKnownHosts = (text: string): KnownHostsFile => {
  const entries: KnownHostsEntry[] = [];
  const skipped: { line: number; why: string }[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const content = raw.trim();
    if (content === "" || content.startsWith("#")) continue;
    const line = index + 1;
    const read = parseLine(content);
    if (typeof read === "string") skipped.push({ line, why: read });
    else entries.push({ line, ...read });
  }
  return { entries, skipped };
};

const parseLine = (content: string): Omit<KnownHostsEntry, "line"> | string => {
  const words = content.split(/[ \t]+/);
  const marker = words[0]?.startsWith("@") ? words.shift() : undefined;
  if (marker === "@cert-authority") return "host certificates are not supported";
  if (marker !== undefined && marker !== "@revoked") return `the marker ${marker} is not known`;
  const [hosts, keyType, publicKey] = words;
  if (hosts === undefined || keyType === undefined || publicKey === undefined)
    return "it is not hosts, key type and key";
  if (hosts.startsWith("|") && !/^\|1\|[A-Za-z0-9+/]+=*\|[A-Za-z0-9+/]+=*$/.test(hosts))
    return "the hashed name is not one of HMAC-SHA1";
  const unusable = hosts.split(",").find((host) => !isHostName(host));
  if (unusable !== undefined && !hosts.startsWith("|"))
    return `"${unusable}" is not a host such as db-1 or [db-1]:2222`;
  const key = parseHostKeyLine(`${keyType} ${publicKey}`);
  return key
    ? { hosts, isRevoked: marker !== undefined, ...key }
    : `${keyType} is not a key that the gateway can check`;
};

/** A name, an address or a pattern, in brackets with its port when that is another than 22. */
const isHostName = (host: string): boolean => {
  const [, bracketed, port] = /^!?\[([^[\]]+)\]:([\d*?]{1,5})$/.exec(host) ?? [];
  if (bracketed === undefined) return /^!?[^[\]!]+$/.test(host);
  return /[*?]/.test(port ?? "") || (Number(port) >= 1 && Number(port) <= 65535);
};
