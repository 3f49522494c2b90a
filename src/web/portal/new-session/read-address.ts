interface Address {
  /** Null when the text does not tell. */
  readonly protocol: "ssh" | "rdp" | "vnc" | null;
  readonly hostname: string;
  readonly port: number | null;
  readonly username: string | null;
}

/** Reads `deploy@db-1:2222`, `[2001:db8::1]:22` and the same behind `ssh://`, `rdp://`, `vnc://`; null for anything else. */
export const readAddress = (destination: string): Address | null => {
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

const protocolOf = (scheme: string | undefined): Address["protocol"] =>
  scheme === "ssh" || scheme === "rdp" || scheme === "vnc" ? scheme : null;

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export const portOf = (text: string): number | null => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : null;
};
