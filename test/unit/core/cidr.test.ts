import { expect, test } from "vitest";
import { isCidr } from "../../../src/core/cidr.ts";

test.each(["10.0.0.0/8", "0.0.0.0/0", "192.0.2.7", "192.0.2.7/32", "::/0", "fc00::/7", "::1", "::ffff:10.0.0.1/128"])(
  "%s is a CIDR",
  (text) => expect(isCidr(text)).toBe(true),
);

test.each([
  "",
  "10/8",
  "10.0.0.0/33",
  "::/129",
  "10.0.0.0/",
  "10.0.0.0/08",
  "10.0.0.0/+8",
  "10.0.0.0/8/8",
  "fe80::1%eth0",
  "host",
  " 10.0.0.1",
])("%j is not", (text) => expect(isCidr(text)).toBe(false));
