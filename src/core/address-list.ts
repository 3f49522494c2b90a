import { BlockList, isIP } from "node:net";

/** A list of addresses and ranges; IPv4 addresses written as IPv6 (`::ffff:10.0.0.1`) match their IPv4 ranges. */
export const addressList = (cidrs: readonly string[]): { has(address: string): boolean } => {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = "", bits] = cidr.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    list.addSubnet(address, bits === undefined ? (family === "ipv6" ? 128 : 32) : Number(bits), family);
  }
  return { has: (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4") };
};
