import { isIPv4, isIPv6 } from "node:net";

/** An address as a number. What carries an IPv4 address inside (mapped, NAT64, 6to4…) is that IPv4 address here. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A CIDR network; a single address is one with a full prefix. */
export interface IpNetwork extends IpAddress {
  readonly prefix: number;
}

/** Undefined for anything but a plain address; a zone (`%eth0`) is none. */
export const parseAddress = (text: string): IpAddress | undefined => {
  if (isIPv4(text)) return { family: 4, value: ipv4Value(text) };
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const value = ipv6Value(text);
  const inner = embeddedIpv4(value);
  return inner === undefined ? { family: 6, value } : { family: 4, value: inner };
};

/** Reads `10.0.0.0/8`, `fc00::/7` or a single address. Bits beyond the prefix do not count. Undefined when it is none. */
export const parseNetwork = (text: string): IpNetwork | undefined => {
  const [addressText = "", prefixText, ...rest] = text.split("/");
  const written = isIPv4(addressText) ? 32 : isIPv6(addressText) && !addressText.includes("%") ? 128 : undefined;
  if (written === undefined || rest.length > 0) return undefined;
  const prefix = prefixText === undefined ? written : /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : -1;
  if (prefix < 0 || prefix > written) return undefined;
  // Networks keep their own family, `::/0` is not `0.0.0.0/0`; only mapped ones become what they mean.
  const mapped = written === 128 && prefix >= 96 && embeddedIpv4(ipv6Value(addressText)) !== undefined;
  const network = mapped
    ? { family: 4 as const, value: embeddedIpv4(ipv6Value(addressText)) ?? 0n, prefix: prefix - 96 }
    : written === 32
      ? { family: 4 as const, value: ipv4Value(addressText), prefix }
      : { family: 6 as const, value: ipv6Value(addressText), prefix };
  return { ...network, value: masked(network, network.prefix) };
};

export const contains = (network: IpNetwork, address: IpAddress): boolean =>
  network.family === address.family && masked(address, network.prefix) === network.value;

/** Whether all of `inner` lies in `outer`. */
export const isWithin = (inner: IpNetwork, outer: IpNetwork): boolean =>
  inner.prefix >= outer.prefix && contains(outer, inner);

const bitsOf = (address: IpAddress): number => (address.family === 4 ? 32 : 128);

const masked = (address: IpAddress, prefix: number): bigint => {
  const hostBits = BigInt(bitsOf(address) - prefix);
  return (address.value >> hostBits) << hostBits;
};

const ipv4Value = (text: string): bigint =>
  text.split(".").reduce((value, part) => (value << 8n) | BigInt(Number(part)), 0n);

const ipv6Value = (text: string): bigint => {
  // The last 32 bits may be written as IPv4.
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = dotted?.[2] === undefined ? undefined : ipv4Value(dotted[2]);
  const plain =
    tail === undefined ? text : `${dotted?.[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  const [head = "", after] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = after === undefined || after === "" ? [] : after.split(":");
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
};

const low32 = 0xffff_ffffn;

/** Prefixes of 96 bits before an IPv4 address: mapped, translated (RFC 2765), NAT64 (RFC 6052), compatible (RFC 4291). */
const ipv4Carriers = [0xffffn, 0xffff_0000n, 0x0064_ff9b_0000_0000_0000_0000n, 0n];

const embeddedIpv4 = (value: bigint): bigint | undefined => {
  // `::` and `::1` are addresses of their own.
  if (value <= 1n) return undefined;
  if (ipv4Carriers.includes(value >> 32n)) return value & low32;
  // 6to4 (RFC 3056): 2002, then the IPv4 address.
  return value >> 112n === 0x2002n ? (value >> 80n) & low32 : undefined;
};
