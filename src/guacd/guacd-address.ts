/** Where a guacd listens. */
export interface GuacdAddress {
  readonly host: string;
  readonly port: number;
  /** Set when the port speaks TLS: the CA certificates (PEM) to trust, or null for the system's. */
  readonly tls: { readonly ca: string | null } | null;
}

export const describeAddress = ({ host, port, tls }: GuacdAddress): string =>
  `${tls ? "tls://" : ""}${host.includes(":") ? `[${host}]` : host}:${port}`;
