import { hostname, networkInterfaces } from "node:os";
import { AppError } from "../core/errors.ts";

/** Where the gateway may be addressed, and from which pages it may be changed. */
export interface OriginGuard {
  /** Throws `misdirected` for a Host that is neither the public URL's nor one of the listener's own (DNS rebinding). */
  checkHost(host: string | undefined): void;
  /** Throws `forbidden` when a request with an effect, authenticated by cookie, does not come from our own page. */
  checkOrigin(headers: Headers): void;
  /** Whether cookies get `Secure` and their `__Host-` prefix. */
  readonly secure: boolean;
}

export const createOriginGuard = (options: {
  /** The configured public URL, if any. */
  publicUrl: string | null;
  listenHost: string;
  /** Known only after listening when the port was 0. */
  listenPort: () => number;
  tls: boolean;
}): OriginGuard => {
  const publicUrl = options.publicUrl === null ? null : new URL(options.publicUrl);
  const secure = publicUrl ? publicUrl.protocol === "https:" : options.tls;

  const isOwnHost = (host: string): boolean => {
    if (publicUrl && (host === publicUrl.host || host === withPort(publicUrl))) return true;
    const defaultPort = options.tls ? 443 : 80;
    const port = options.listenPort();
    return ownNames(options.listenHost).some(
      (name) => host === `${name}:${port}` || (port === defaultPort && host === name),
    );
  };

  const expected = (headers: Headers, scheme = secure ? "https" : "http"): string =>
    publicUrl ? publicUrl.origin : `${scheme}://${headers.get("host")?.toLowerCase() ?? ""}`;

  return {
    secure,
    checkHost: (host) => {
      if (host !== undefined && isOwnHost(host.toLowerCase())) return;
      const where = publicUrl ? ` Open ${publicUrl.origin} instead, or` : " To serve it,";
      throw new AppError(
        "misdirected",
        `This is not the address the gateway was set up for (${host ?? "no Host"}).${where} set \`server.public_url\`.`,
      );
    },
    checkOrigin: (headers) => {
      if (headers.get("sec-fetch-site") === "same-origin") return;
      const origin = headers.get("origin");
      // Without a public URL a proxy in front may speak https while the listener does not.
      if (origin !== null && (origin === expected(headers) || origin === expected(headers, "https"))) return;
      throw new AppError(
        "forbidden",
        `This request comes from ${origin ?? "an unknown page"}, the gateway is ${expected(headers)}. If that is one of its addresses, set \`server.public_url\`.`,
      );
    },
  };
};

/** `gateway.example.com:443`: some clients write the port that goes without saying. */
const withPort = ({ hostname, port, protocol }: URL): string =>
  `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;

/** The names a listener answers to: its address, and this host's own when it listens on all of them. */
const ownNames = (listenHost: string): string[] => {
  const loopback = ["localhost", "127.0.0.1", "[::1]"];
  if (listenHost === "localhost" || listenHost === "127.0.0.1" || listenHost === "::1") return loopback;
  if (listenHost !== "0.0.0.0" && listenHost !== "::") return [bracketed(listenHost)];
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return [...loopback, hostname().toLowerCase(), ...addresses.map(({ address }) => bracketed(address))];
};

const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host.toLowerCase());
