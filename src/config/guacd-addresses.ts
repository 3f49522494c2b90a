import type { Config } from "./schema.ts";

/** The guacds that the configuration names; `ca` vouches for those over TLS. */
export const guacdAddresses = ({ guacd }: Config, ca: string | null) =>
  guacd.addresses.map(({ tls, ...place }) => ({ ...place, tls: tls ? { ca } : null }));
