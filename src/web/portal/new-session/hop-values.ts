/** What the form holds of one hop, under the API's own field names. */
export interface HopValues {
  /** Tells hops apart while they move; it stays at home. */
  readonly id: string;
  hostname: string;
  port: string;
  username: string;
  signInWith: "password" | "private_key" | "both";
  password: string;
  private_key: string;
  passphrase: string;
  host_key: string;
}

/** The longest path that the gateway takes. */
export const mostHops = 8;

interface KnownHop {
  readonly hostname: string;
  readonly port: number | null;
  readonly username: string | null;
  readonly host_key?: string | null;
}

export const newHop = (known?: KnownHop): HopValues => ({
  id: crypto.randomUUID(),
  hostname: known?.hostname ?? "",
  port: String(known?.port ?? 22),
  username: known?.username ?? "",
  signInWith: "password",
  password: "",
  private_key: "",
  passphrase: "",
  host_key: known?.host_key ?? "",
});

/** What can be told of a hop without asking the gateway, by its fields. */
export const hopFaultsOf = (hop: HopValues): Record<string, string> => {
  const port = Number(hop.port);
  return {
    ...(hop.hostname.trim() === "" ? { hostname: "Type the host of this hop." } : {}),
    ...(!/^\d{1,5}$/.test(hop.port.trim()) || port < 1 || port > 65535 ? { port: "1 to 65535." } : {}),
    ...(hop.username.trim() === "" ? { username: "Type who signs in there." } : {}),
    ...(hop.signInWith !== "password" && hop.private_key.trim() === ""
      ? { private_key: "Paste the key or drop its file." }
      : {}),
  };
};

/** One of the `jump_hosts`. Only the chosen way of signing in goes out; what is empty is left out. */
export const hopRequestOf = (hop: HopValues) => ({
  hostname: hop.hostname.trim(),
  port: Number(hop.port),
  username: hop.username.trim(),
  ...(hop.signInWith === "private_key" || hop.password === "" ? {} : { password: hop.password }),
  ...(hop.signInWith === "password" ? {} : { private_key: hop.private_key }),
  ...(hop.signInWith === "password" || hop.passphrase === "" ? {} : { passphrase: hop.passphrase }),
  ...(hop.host_key.trim() === "" ? {} : { host_key: hop.host_key.trim() }),
});
