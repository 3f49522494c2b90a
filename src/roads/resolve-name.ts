import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

/** All addresses of a name, the preferred first; an address stands for itself. Rejects as `dns.lookup` does. */
export type ResolveName = (host: string) => Promise<readonly string[]>;

/** The host's own resolver: /etc/hosts, then its name servers, which also set how long it takes. */
export const resolveName: ResolveName = async (host) => {
  if (isIP(host)) return [host];
  const answers = await lookup(host, { all: true, order: "verbatim" });
  return [...new Set(answers.map(({ address }) => address))];
};
