import { expect, test } from "vitest";
import { checkHostname } from "../../../src/roads/check-hostname.ts";

test.each([
  ["10.20.4.11", "10.20.4.11"],
  ["db-1", "db-1"],
  ["Db-1.Example.com", "Db-1.Example.com"],
  ["db_1.example.com.", "db_1.example.com."],
  ["3com.example", "3com.example"],
  ["fe80::1", "fe80::1"],
  ["[2001:db8::7]", "2001:db8::7"],
  ["::ffff:10.0.0.1", "::ffff:10.0.0.1"],
  ["bücher.example", "xn--bcher-kva.example"],
])("%s is a host", (text, host) => {
  expect(checkHostname(text)).toBe(host);
});

test.each([
  ["10.0.0.300", "300 is above 255"],
  ["010.0.0.1", "010 begins with a zero"],
  ["0177.0.0.1", "0177 begins with a zero"],
  ["127.1", "an address has four numbers"],
  ["2130706433", "an address has four numbers"],
  ["1.2.3.4.5", "an address has four numbers"],
  ["0x7f.0.0.1", "write it in decimal"],
  ["0x7f000001", "write it in decimal"],
  ["127.0.0.1.", "a dot follows the address"],
  ["db.1", "its last part is a number"],
  ["１２７.0.0.1", "write it in plain digits"],
  ["①②⑦.0.0.1", "write it in plain digits"],
  ["", "it is empty"],
  ["a b", "it contains a space"],
  ["db-1:22", "the port has its own field"],
  ["ssh://db-1", "give the host alone, without scheme, user or path"],
  ["root@db-1", "give the host alone, without scheme, user or path"],
  ["1:2:3", "1:2:3 is not an IPv6 address"],
  ["fe80::1%eth0", "a zone is not supported"],
  ["a..b", "two dots follow each other, or one comes first"],
  ["-a.example", "-a is not a part of a name"],
  ["a;b", "a;b is not a part of a name"],
  ["a\u0000b", " is not a name"],
  ["x".repeat(254), "it has more than 253 characters"],
  [`${"x".repeat(64)}.example`, `${"x".repeat(64)} is not a part of a name`],
])("%s is refused with its reason", (text, why) => {
  expect(() => checkHostname(text)).toThrow(
    expect.objectContaining({ code: "invalid_request", field: "hostname", detail: expect.stringContaining(why) }),
  );
});

test("the field of the error is the caller's", () => {
  expect(() => checkHostname("", "jump_hosts[1].hostname")).toThrow(
    expect.objectContaining({ field: "jump_hosts[1].hostname" }),
  );
});
