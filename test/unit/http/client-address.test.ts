import { expect, test } from "vitest";
import { addressList } from "../../../src/core/address-list.ts";
import { clientAddress } from "../../../src/http/client-address.ts";

const from = (remoteAddress: string | undefined, forwarded: string | undefined, proxies: string[]): string =>
  clientAddress({ socket: { remoteAddress }, headers: { "x-forwarded-for": forwarded } }, addressList(proxies).has);

test("without trusted proxies the header counts for nothing", () => {
  expect(from("203.0.113.9", "192.0.2.1", [])).toBe("203.0.113.9");
  expect(from("::ffff:203.0.113.9", undefined, [])).toBe("203.0.113.9");
});

test("a peer that is no trusted proxy cannot speak for others", () => {
  expect(from("203.0.113.9", "192.0.2.1", ["10.0.0.0/8"])).toBe("203.0.113.9");
});

test("behind one proxy the last address counts, and what the client wrote left of it does not", () => {
  expect(from("10.0.0.1", "192.0.2.1", ["10.0.0.0/8"])).toBe("192.0.2.1");
  expect(from("::ffff:10.0.0.1", "1.1.1.1, 10.9.9.9, 192.0.2.1", ["10.0.0.0/8"])).toBe("192.0.2.1");
  expect(from("10.0.0.1", "2001:db8::7", ["10.0.0.0/8"])).toBe("2001:db8::7");
});

test("behind two proxies the address before the inner ones counts", () => {
  expect(from("10.0.0.1", "6.6.6.6, 192.0.2.1, 10.0.0.2", ["10.0.0.0/8"])).toBe("192.0.2.1");
  expect(from("10.0.0.1", "192.0.2.1,10.0.0.2,10.0.0.3", ["10.0.0.0/8"])).toBe("192.0.2.1");
});

test.each(["", ",", "unknown", "192.0.2.1:80", "[2001:db8::7]", "localhost", "192.0.2.1\t", "0x7f.1"])(
  "what is no address (%j) is never taken for one",
  (text) => expect(["10.0.0.1", "192.0.2.1"]).toContain(from("10.0.0.1", text, ["10.0.0.0/8"])),
);

test("a header with nothing but proxies, or none, gives the peer", () => {
  expect(from("10.0.0.1", "10.0.0.2, 10.0.0.3", ["10.0.0.0/8"])).toBe("10.0.0.1");
  expect(from("10.0.0.1", undefined, ["10.0.0.0/8"])).toBe("10.0.0.1");
  expect(from(undefined, "192.0.2.1", ["10.0.0.0/8"])).toBe("");
});
