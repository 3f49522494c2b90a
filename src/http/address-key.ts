import { isIPv6, SocketAddress } from "node:net";

/**
 * Whom an address stands for where callers are counted. An IPv6 network of 64 bits is one caller, because whoever has one
 * address of it usually has all; an IPv4 address is one in every spelling.
 */
export const addressKey = (address: string): string => {
  const [plain = ""] = address.split("%");
  if (!isIPv6(plain)) return plain;
  const groups = groupsOf(new SocketAddress({ address: plain, family: "ipv6" }).address);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join(".");
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
};

/** The eight groups of an address in its canonical spelling, which may still end in dotted form. */
const groupsOf = (canonical: string): number[] => {
  const hex = canonical.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(":"),
  );
  const [left = [], right = []] = hex.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
};
