import { readAddress } from "./read-address.ts";
import { readSshLine } from "./read-ssh-line.ts";
import { readWay, type Way } from "./read-way.ts";
import { shellWords } from "./shell-words.ts";

export interface ParsedTarget extends Way {
  /** Null when the text does not tell. */
  readonly protocol: "ssh" | "rdp" | "vnc" | null;
  readonly hostname: string;
  readonly port: number | null;
  readonly username: string | null;
  /** What the pasted line would run instead of a shell. */
  readonly command: string | null;
}

/**
 * Reads `ssh -J jump@a,b:2200 deploy@db-1 -p 2222`, `ssh://deploy@db-1:2222`, `rdp://…`, `vnc://…`, `deploy@db-1:2222` and
 * `[2001:db8::1]:22`. Null when the text says no more than a bare host would, so that typing one stays typing.
 */
export const parseTarget = (text: string): ParsedTarget | null => {
  const words = shellWords(text);
  const isCommand = words[0] === "ssh";
  const line = readSshLine(isCommand ? words.slice(1) : words);
  if (line === null || (!isCommand && line.command !== null)) return null;
  const address = readAddress(line.destination);
  if (address === null) return null;
  const protocol = isCommand ? "ssh" : address.protocol;
  const port = line.port ?? address.port;
  const username = line.username ?? address.username;
  if (protocol === null && port === null && username === null) return null;
  const way = readWay(line);
  return { protocol, hostname: address.hostname, port, username, command: line.command, ...way };
};
