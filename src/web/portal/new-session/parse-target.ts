export interface ParsedTarget {
  /** Null when the text does not tell. */
  readonly protocol: "ssh" | "rdp" | "vnc" | null;
  readonly hostname: string;
  readonly port: number | null;
  readonly username: string | null;
  /** What the pasted line would run instead of a shell. */
  readonly command: string | null;
  /** The hops that the line names (`-J`, ProxyJump, ProxyCommand), in their order. */
  readonly hops: readonly string[];
}

/** Flags of OpenSSH's `ssh` that take a value (ssh(1)). */
const valueFlags = "BbcDEeFIiJLlmOoPpQRSWw";

/**
 * Reads `ssh deploy@db-1 -p 2222`, `ssh://deploy@db-1:2222`, `rdp://…`, `vnc://…`, `deploy@db-1:2222` and
 * `[2001:db8::1]:22`. Null when the text says no more than a bare host would, so that typing one stays typing.
 */
export const parseTarget = (text: string): ParsedTarget | null => {
  const words = text.trim().split(/\s+/);
  const isCommand = words[0] === "ssh";
  const line = readLine(isCommand ? words.slice(1) : words);
  if (line === null || (!isCommand && line.command !== null)) return null;
  const address = readAddress(line.destination);
  if (address === null) return null;
  const protocol = isCommand ? "ssh" : address.protocol;
  const port = line.port ?? address.port;
  const username = line.username ?? address.username;
  if (protocol === null && port === null && username === null) return null;
  return { protocol, hostname: address.hostname, port, username, command: line.command, hops: line.hops };
};

interface Line {
  destination: string;
  port: number | null;
  username: string | null;
  command: string | null;
  hops: readonly string[];
}

const readLine = (words: readonly string[]): Line | null => {
  const line: Line = { destination: "", port: null, username: null, command: null, hops: [] };
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) {
      if (line.destination !== "") break;
      line.destination = word;
      continue;
    }
    const valueAt = [...word].findIndex((flag, index) => index > 0 && valueFlags.includes(flag));
    if (valueAt === -1) continue;
    const attached = word.slice(valueAt + 1);
    if (attached === "") at += 1;
    takeFlag(line, word[valueAt] ?? "", attached === "" ? (words[at] ?? "") : attached);
  }
  if (line.destination === "") return null;
  return { ...line, command: at < words.length ? words.slice(at).join(" ") : null };
};

const takeFlag = (line: Line, flag: string, value: string): void => {
  if (flag === "p") line.port = portOf(value);
  if (flag === "l") line.username = value;
  if (flag === "J") line.hops = value.split(",");
  if (flag !== "o") return;
  const [key = "", setting = ""] = value.split("=", 2);
  if (/^port$/i.test(key)) line.port = portOf(setting);
  if (/^user$/i.test(key)) line.username = setting;
  if (/^proxyjump$/i.test(key)) line.hops = setting.split(",");
  if (/^proxycommand$/i.test(key)) line.hops = ["the proxy command"];
};

const readAddress = (destination: string) => {
  const scheme = /^(ssh|rdp|vnc):\/\//i.exec(destination);
  const protocol = protocolOf(scheme?.[1]?.toLowerCase());
  const bare = destination.slice(scheme?.[0].length ?? 0).replace(/[/?#].*$/, "");
  const at = bare.lastIndexOf("@");
  // A password in an address has been in a history already; it is not taken over.
  const user = at > 0 ? bare.slice(0, at) : null;
  const username = user === null ? null : scheme === null ? user : decode(user.replace(/:.*$/, "")) || null;
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(bare.slice(at + 1));
  const colons = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.exec(bare.slice(at + 1));
  if (colons !== null) return { protocol, hostname: colons[0], port: null, username };
  const hostname = match?.[1] ?? match?.[2];
  if (hostname === undefined || (scheme === null && destination.includes("/"))) return null;
  return { protocol, hostname, port: portOf(match?.[3] ?? ""), username };
};

const protocolOf = (scheme: string | undefined): ParsedTarget["protocol"] =>
  scheme === "ssh" || scheme === "rdp" || scheme === "vnc" ? scheme : null;

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const portOf = (text: string): number | null => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : null;
};
