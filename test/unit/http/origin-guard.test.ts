import { networkInterfaces } from "node:os";
import { describe, expect, test } from "vitest";
import { createOriginGuard } from "../../../src/http/origin-guard.ts";

const guardOf = (options: { publicUrl?: string; host?: string; port?: number; tls?: boolean }) =>
  createOriginGuard({
    publicUrl: options.publicUrl ?? null,
    listenHost: options.host ?? "127.0.0.1",
    listenPort: () => options.port ?? 8089,
    tls: options.tls ?? false,
  });
const serves = (options: Parameters<typeof guardOf>[0], host: string | undefined): boolean => {
  try {
    guardOf(options).checkHost(host);
    return true;
  } catch {
    return false;
  }
};
const trusts = (options: Parameters<typeof guardOf>[0], headers: Record<string, string>): boolean => {
  try {
    guardOf(options).checkOrigin(new Headers(headers));
    return true;
  } catch {
    return false;
  }
};

describe("the names a listener answers to", () => {
  test("on loopback: all spellings of this host's loopback", () => {
    for (const host of ["127.0.0.1:8089", "localhost:8089", "[::1]:8089"]) expect(serves({}, host)).toBe(true);
    for (const host of [undefined, "", "localhost", "example.com:8089"]) expect(serves({}, host)).toBe(false);
  });

  test("the port may be left out only where it is the scheme's own", () => {
    expect(serves({ port: 80 }, "localhost")).toBe(true);
    expect(serves({ port: 443 }, "localhost")).toBe(false);
    expect(serves({ port: 443, tls: true }, "localhost")).toBe(true);
  });

  test("on one address: that address only", () => {
    expect(serves({ host: "192.0.2.7" }, "192.0.2.7:8089")).toBe(true);
    expect(serves({ host: "192.0.2.7" }, "localhost:8089")).toBe(false);
    expect(serves({ host: "2001:db8::7" }, "[2001:db8::7]:8089")).toBe(true);
  });

  test("on all addresses: each address of this host, its name and loopback, but no name from elsewhere", () => {
    const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    for (const { address, family } of own)
      expect(serves({ host: "0.0.0.0" }, `${family === "IPv6" ? `[${address}]` : address}:8089`)).toBe(true);
    expect(serves({ host: "::" }, "localhost:8089")).toBe(true);
    expect(serves({ host: "0.0.0.0" }, "rebound.example:8089")).toBe(false);
  });
});

describe("origins", () => {
  const host = "127.0.0.1:8089";

  test("without a public URL the Origin's host must equal Host; https may end at a proxy in front", () => {
    expect(trusts({}, { host, origin: `http://${host}` })).toBe(true);
    expect(trusts({}, { host, origin: `https://${host}` })).toBe(true);
    expect(trusts({}, { host: "LOCALHOST:8089", origin: "http://localhost:8089" })).toBe(true);
    expect(trusts({}, { host, origin: "http://127.0.0.1:9000" })).toBe(false);
    expect(trusts({}, { host, origin: `http://${host}.example` })).toBe(false);
  });

  test("a listener that speaks https itself trusts no plain http page", () => {
    expect(trusts({ tls: true }, { host, origin: `https://${host}` })).toBe(true);
    expect(trusts({ tls: true }, { host, origin: `http://${host}` })).toBe(false);
  });

  test("with a public URL only its very origin counts, whatever Host says", () => {
    const options = { publicUrl: "https://gateway.example.com" };
    expect(trusts(options, { host, origin: "https://gateway.example.com" })).toBe(true);
    for (const origin of [`http://${host}`, "http://gateway.example.com", "https://gateway.example.com:8443", "null"])
      expect(trusts(options, { host, origin })).toBe(false);
  });
});

test("cookies are secure when the public URL, or without one the listener, is https", () => {
  expect(guardOf({}).secure).toBe(false);
  expect(guardOf({ tls: true }).secure).toBe(true);
  expect(guardOf({ publicUrl: "https://gateway.example.com" }).secure).toBe(true);
  expect(guardOf({ publicUrl: "http://gateway.example.com", tls: true }).secure).toBe(false);
});
