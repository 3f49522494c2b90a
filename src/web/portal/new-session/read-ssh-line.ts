import { portOf } from "./read-address.ts";

export interface SshLine {
  destination: string;
  port: number | null;
  username: string | null;
  command: string | null;
  proxyJump: string | null;
  proxyCommand: string | null;
}

/** Flags of OpenSSH's `ssh` that take a value (ssh(1)). */
const valueFlags = "BbcDEeFIiJLlmOoPpQRSWw";

/** What stands behind `ssh`: where it goes and what its flags say of the way; null without a destination. */
export const readSshLine = (words: readonly string[]): SshLine | null => {
  const line: SshLine = {
    ...{ destination: "", port: null, username: null, command: null },
    ...{ proxyJump: null, proxyCommand: null },
  };
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

/** As for OpenSSH, what stands first counts (ssh_config(5)). */
const takeFlag = (line: SshLine, flag: string, value: string): void => {
  const [, key = "", setting = ""] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/s.exec(value) ?? [];
  const option = flag === "o" ? key.toLowerCase() : "";
  if (flag === "p" || option === "port") line.port ??= portOf(flag === "p" ? value : setting);
  if (flag === "l" || option === "user") line.username ??= flag === "l" ? value : setting;
  if (flag === "J" || option === "proxyjump") line.proxyJump ??= flag === "J" ? value : setting;
  if (option === "proxycommand") line.proxyCommand ??= setting;
};
