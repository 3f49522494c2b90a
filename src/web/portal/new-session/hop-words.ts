import type { HopValues } from "./hop-values.ts";

/** What a hop is called: its host, or its place while it has none. */
export const hopName = (hop: HopValues, index: number): string => hop.hostname.trim() || `Hop ${index + 1}`;

/** "edge@10.20.0.9:2222" in its two parts, without the port when it is the usual one. */
export const addressOf = (
  { hostname, port, username }: Pick<HopValues, "hostname" | "port" | "username">,
  usualPort: number | null,
): { user: string; host: string } => {
  const host = hostname.trim();
  const hasPort = host !== "" && port.trim() !== "" && Number(port) !== usualPort;
  return {
    user: username.trim() === "" ? "" : `${username.trim()}@`,
    host: hasPort ? `${host.includes(":") ? `[${host}]` : host}:${port.trim()}` : host,
  };
};

export const hopWayWords: Record<HopValues["signInWith"], string> = {
  password: "Password",
  private_key: "Private key",
  both: "Key and password",
};

/** The whole way in one line. */
export const pathWords = (hops: readonly HopValues[]): string => {
  if (hops.length === 0) return "Direct. Add hops if the target is behind another host.";
  const names = hops.map(({ hostname }, index) => hostname.trim() || `hop ${index + 1}`);
  if (names.length > 3) return `Through ${names.length} hops, from ${names[0]} to ${names.at(-1)}.`;
  const last = names.pop();
  return `Through ${names.length === 0 ? last : `${names.join(", ")} and ${last}`}.`;
};
