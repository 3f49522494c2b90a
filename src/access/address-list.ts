import { BlockList, isIP } from "node:net";

/** Whether `text` is an address or a CIDR range in its plain spelling (`10.0.0.0/8`, `2001:db8::1`). */
export const isCidr = (text: string): boolean => {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
};

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
