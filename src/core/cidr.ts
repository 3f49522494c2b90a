import { isIP } from "node:net";

/** Whether `text` is an address or a CIDR: `10.0.0.0/8`, `fc00::/7`, or one exact address such as `192.0.2.7`. */
export const isCidr = (text: string): boolean => {
  const [address = "", prefix, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || address.includes("%") || rest.length > 0) return false;
  return prefix === undefined || (/^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
};
