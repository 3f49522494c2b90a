import type { Endpoint } from "../../core/endpoint.ts";

const kerberosPort = 88;

/**
 * Where a KDC is reached: `https://host/path` is a proxy (MS-KKDCP), `host` or `host:port` the KDC itself. Undefined for
 * anything else.
 */
export const kdcAddress = (text: string): Endpoint | undefined => {
  if (/^https?:\/\//i.test(text)) {
    if (!URL.canParse(text)) return undefined;
    const { hostname, port, protocol, username, password } = new URL(text);
    if (username !== "" || password !== "") return undefined;
    return { host: plainHost(hostname), port: Number(port) || (protocol === "https:" ? 443 : 80) };
  }
  const [, host, port = String(kerberosPort)] = /^([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65535) return undefined;
  return { host: plainHost(host), port: Number(port) };
};

const plainHost = (host: string): string => host.replace(/^\[|\]$/g, "");
