import { networkInterfaces } from "node:os";
import type { Endpoint } from "../core/endpoint.ts";
import { checkHostname } from "./check-hostname.ts";
import { contains, type IpAddress, type IpNetwork, isWithin, parseAddress, parseNetwork } from "./ip-network.ts";
import { fitsNameGlob } from "./name-glob.ts";

export interface TargetPolicy {
  /**
   * Why the gateway may not reach a target, in a sentence for people, or null when it may. `addresses` is all that the
   * target's name stands for: each must be allowed, so that a second answer cannot smuggle one in. Empty while unknown.
   */
  check(protocol: string, target: Endpoint, addresses: readonly string[]): string | null;
  /**
   * The same for a target that a hop dials: a name is the hop's to look up, so the name itself has to be allowed. An address
   * must be in the networks like any other.
   */
  checkBehindHops(protocol: string, target: Endpoint): string | null;
}

/**
 * The allow-lists by protocol, as CIDR networks. Loopback, link-local and metadata addresses are never covered by a wider
 * network: an entry allows them only when it lies within their range. The gateway's own listeners need the exact address.
 * Throws on an entry that is no network.
 */
export const createTargetPolicy = (options: {
  allow: Readonly<Record<string, readonly string[]>>;
  /** Patterns of names that hops may look up, by protocol; no name where there are none. */
  namesBehindHops?: Readonly<Record<string, readonly string[]>>;
  /** What the gateway listens on now; `0.0.0.0` and `::` stand for every address of this host. */
  ownListeners: () => readonly Endpoint[];
}): TargetPolicy => {
  const allowed = new Map(
    Object.entries(options.allow).map(([protocol, list]) => [
      protocol,
      list.map((entry) => readEntry(protocol, entry)),
    ]),
  );
  const refuseName = (protocol: string, host: string, place: Place): string | null => {
    const named = specialNames.find(({ matches }) => matches(plainName(host)))?.kind;
    const networks = allowed.get(protocol) ?? [];
    if (!named || specialRanges.some(({ kind, network }) => kind === named && listed(networks, network))) return null;
    return refusal(host, sentences[place][named]);
  };
  const refuseAddress = (protocol: string, target: Endpoint, text: string, place: Place): string | null => {
    const networks = allowed.get(protocol) ?? [];
    const why = checkAddress(networks, text, { ...target, protocol, place }, options.ownListeners());
    return why && refusal(text === target.host ? text : `${target.host} (${text})`, why);
  };
  return {
    check: (protocol, target, addresses) =>
      refuseName(protocol, target.host, "direct") ??
      addresses.map((text) => refuseAddress(protocol, target, text, "direct")).find((why) => why !== null) ??
      null,

    checkBehindHops: (protocol, target) => {
      const { host } = target;
      if (!isPlain(host)) return refusal(host, "It is neither a name nor an address in its plain spelling.");
      if (parseAddress(host)) return refuseAddress(protocol, target, host, "behindHops");
      const refused = refuseName(protocol, host, "behindHops");
      if (refused) return refused;
      const isFit = (options.namesBehindHops?.[protocol] ?? []).some((glob) => fitsNameGlob(glob, plainName(host)));
      return isFit ? null : refusal(host, outside(protocol, "names", "allow_names_behind_hops"));
    },
  };
};

/** Who dials. */
type Place = "direct" | "behindHops";

/** A hop's resolver reads other spellings of an address, too, which would slip through as names. */
const isPlain = (host: string): boolean => {
  try {
    return checkHostname(host) === host;
  } catch {
    return false;
  }
};

const refusal = (subject: string, why: string): string => `The gateway may not reach ${subject}. ${why}`;

const outside = (protocol: string, what: "networks" | "names", key: string): string => {
  const label = protocol === "hops" ? "hops" : protocol.toUpperCase();
  const where = what === "names" && protocol !== "hops" ? `${label} behind hops` : label;
  return `It is outside the ${what} allowed for ${where}. An admin can allow it in \`targets.${protocol}.${key}\`.`;
};

const readEntry = (protocol: string, entry: string): IpNetwork => {
  const network = parseNetwork(entry);
  if (!network) throw new Error(`targets.${protocol}.allow: "${entry}" is not a network such as 10.0.0.0/8`);
  return network;
};

const listed = (networks: readonly IpNetwork[], range: IpNetwork): boolean =>
  networks.some((network) => isWithin(network, range));

const checkAddress = (
  networks: readonly IpNetwork[],
  text: string,
  target: { protocol: string; port: number; place: Place },
  ownListeners: readonly Endpoint[],
): string | null => {
  const address = parseAddress(text);
  if (!address) return "It is not an address.";
  const covering = networks.filter((network) => contains(network, address));
  for (const { kind, network } of specialRanges) {
    if (contains(network, address) && !listed(covering, network)) return sentences[target.place][kind];
  }
  if (covering.length === 0) return outside(target.protocol, "networks", "allow");
  const isExact = covering.some((network) => network.prefix === (network.family === 4 ? 32 : 128));
  const isOwn = ownListeners.some(({ host, port }) => port === target.port && listensOn(host, address));
  return isOwn && !isExact ? "It is the gateway itself." : null;
};

/** Asked anew each time: interfaces come and go. */
const listensOn = (host: string, address: IpAddress): boolean => {
  const wildcard = host === "0.0.0.0" || host === "::" || host === "";
  const own = wildcard
    ? Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((entry) => entry.address))
    : [host];
  return own.some((text) => {
    const mine = parseAddress(text.replace(/%.*$/, ""));
    return mine !== undefined && mine.family === address.family && mine.value === address.value;
  });
};

type SpecialKind = "loopback" | "link_local" | "metadata";

const direct: Record<SpecialKind, string> = {
  loopback: "It is a loopback address, which means the gateway itself.",
  link_local: "It is a link-local address.",
  metadata: "It is a metadata address.",
};
const sentences: Record<Place, Record<SpecialKind, string>> = {
  direct,
  behindHops: { ...direct, loopback: "It is a loopback address, which means the hop itself." },
};

const range = (kind: SpecialKind, ...cidrs: string[]) =>
  cidrs.map((cidr) => ({ kind, network: readEntry(kind, cidr) }));

/** 0.0.0.0/8 and :: reach the host itself on Linux. Metadata: AWS, Azure, Google and most others; Alibaba; AWS; Google. */
const specialRanges = [
  ...range("metadata", "169.254.169.254/32", "100.100.100.200/32", "fd00:ec2::254/128", "fd20:ce::254/128"),
  ...range("loopback", "127.0.0.0/8", "0.0.0.0/8", "::1/128", "::/128"),
  ...range("link_local", "169.254.0.0/16", "fe80::/10"),
];

const metadataNames = [
  ...["metadata.google.internal", "metadata.goog", "metadata", "instance-data", "instance-data.ec2.internal"],
  "metadata.tencentyun.com",
];

/** Of the hosts files of Debian and Red Hat, and of systemd's resolver. */
const loopbackNames = [
  ...["localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", "_localdnsstub", "_localdnsproxy"],
  ...["localhost4", "localhost4.localdomain4", "localhost6", "localhost6.localdomain6"],
];

const plainName = (host: string): string => host.toLowerCase().replace(/\.$/, "");

/** Names that mean such an address wherever they are resolved (RFC 6761 for all below localhost). */
const specialNames: { kind: SpecialKind; matches: (name: string) => boolean }[] = [
  {
    kind: "loopback",
    matches: (name) => loopbackNames.includes(name) || /\.localhost(\.localdomain)?$/.test(name),
  },
  { kind: "metadata", matches: (name) => metadataNames.includes(name) },
];
