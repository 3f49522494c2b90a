import { isIPv4, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";
import { AppError } from "../core/errors.ts";

/**
 * Checks the syntax of a host and returns it as it is dialled: without brackets, international names in ASCII. Addresses
 * have one spelling each: what else resolvers would read as an address (octal, hex, short, one number) is refused, because
 * rules and logs would see another host than the one dialled. Throws AppError `invalid_request` on `field`.
 */
export const checkHostname = (text: string, field = "hostname"): string => {
  const refuse = (why: string): never => {
    throw new AppError("invalid_request", `Not an address or a name: ${why}.`, { field });
  };
  if (text === "") return refuse("it is empty");
  if (text.length > 253) return refuse("it has more than 253 characters");
  if (/\s/.test(text)) return refuse("it contains a space");
  if (text.includes("/") || text.includes("@")) return refuse("give the host alone, without scheme, user or path");
  const unwrapped = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (unwrapped.includes(":")) {
    if (unwrapped.includes("%")) return refuse("a zone is not supported");
    if (isIPv6(unwrapped)) return unwrapped;
    return refuse(/^[^:]+:\d+$/.test(unwrapped) ? "the port has its own field" : `${unwrapped} is not an IPv6 address`);
  }
  if (isIPv4(unwrapped)) return unwrapped;
  const name = toAscii(unwrapped);
  if (name === "") return refuse(`${unwrapped} is not a name`);
  if (name !== unwrapped.toLowerCase() && looksNumeric(name)) return refuse("write it in plain digits");
  if (looksNumeric(name)) return refuse(oddAddress(unwrapped));
  const label = name
    .replace(/\.$/, "")
    .split(".")
    .find((part) => !/^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i.test(part));
  if (label === "") return refuse("two dots follow each other, or one comes first");
  if (label !== undefined) return refuse(`${label} is not a part of a name`);
  return name === unwrapped.toLowerCase() ? unwrapped : name;
};

const isAscii = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);

const toAscii = (text: string): string => (isAscii(text) ? text.toLowerCase() : domainToASCII(text));

/** The rule of browsers (WHATWG URL): a host whose last part is a number is an address, or nothing. */
const looksNumeric = (name: string): boolean => /(^|\.)(\d+|0x[0-9a-f]*)\.?$/i.test(name);

const oddAddress = (text: string): string => {
  const parts = text.split(".");
  if (text.endsWith(".")) return "a dot follows the address";
  if (parts.some((part) => /^0x/i.test(part))) return "write it in decimal";
  if (parts.some((part) => !/^\d+$/.test(part))) return "its last part is a number";
  const octal = parts.find((part) => /^0\d/.test(part));
  if (octal !== undefined) return `${octal} begins with a zero`;
  const large = parts.find((part) => Number(part) > 255);
  if (parts.length === 4 && large !== undefined) return `${large} is above 255`;
  return "an address has four numbers";
};
