import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RdpConfirm, readRdpConfirm } from "../../../src/roads/rdp-connection-confirm.ts";
import { rdpConnectionRequest, rdpPreconnection } from "../../../src/roads/rdp-connection-request.ts";
import { confirm, refuses, selects } from "../../support/rdp-server.ts";

/** What the parser makes of the bytes: undefined when it still waits for some. */
const read = (bytes: Buffer): RdpConfirm | undefined => {
  const parser = readRdpConfirm();
  let at = 0;
  for (let step = parser.next(); ; ) {
    if (step.done) return step.value;
    if (bytes.length < at + step.value) return undefined;
    const taken = bytes.subarray(at, at + step.value);
    at += step.value;
    step = parser.next(taken);
  }
};

describe("the connection request", () => {
  test("is what MS-RDPBCGR gives as its example, with a cookie before what is asked for", () => {
    expect(rdpConnectionRequest({ security: "rdp", routingToken: "Cookie: mstshash=eltons" }).toString("hex")).toBe(
      "0300002c27e00000000000436f6f6b69653a206d737473686173683d656c746f6e730d0a0100080000000000",
    );
  });

  test.each([
    ["any", 3],
    ["vmconnect", 3],
    ["nla", 3],
    ["nla-ext", 11],
    ["tls", 1],
    ["rdp", 0],
  ] as const)("of security %s asks for the protocols that guacd asks for", (security, protocols) => {
    const request = rdpConnectionRequest({ security });
    expect(request.readUInt16BE(2)).toBe(request.length);
    expect(request.readUInt32LE(request.length - 4)).toBe(protocols);
  });

  test("ends a routing token once, whether the token brings its end or not", () => {
    const plain = rdpConnectionRequest({ security: "any", routingToken: "tsv://x" });
    expect(rdpConnectionRequest({ security: "any", routingToken: "tsv://x\r\n" })).toEqual(plain);
  });

  test("of a machine chosen by its preconnection tells id and text in the second version of that message", () => {
    const bytes = rdpPreconnection({ id: 7, blob: "é" });
    expect(bytes.toString("hex")).toBe("160000000000000002000000070000000200e9000000");
    expect(rdpPreconnection({}).toString("hex")).toBe("120000000000000002000000000000000000");
  });
});

describe("the connection confirm", () => {
  test.each<[string, Buffer, RdpConfirm | undefined]>([
    ["TLS", selects(1), { kind: "tls", hasNla: false }],
    ["NLA", selects(2), { kind: "tls", hasNla: true }],
    ["NLA with early authorization", selects(8), { kind: "tls", hasNla: true }],
    ["RDP's own encryption", selects(0), { kind: "plain" }],
    ["nothing, as servers before the negotiation do", confirm(), { kind: "plain" }],
    ["a protocol that nobody knows", selects(0x40), { kind: "foreign" }],
    ["a refusal that nobody knows", refuses(77), { kind: "foreign" }],
    ["another type of answer", confirm({ type: 9, value: 1 }), { kind: "foreign" }],
    ["an SSH server's greeting", Buffer.from("SSH-2.0-OpenSSH_9.2\r\n"), { kind: "foreign" }],
    ["a length that the message never has", Buffer.from([3, 0, 0, 12, 7, 0xd0, 0, 0, 0, 0, 0, 0]), { kind: "foreign" }],
    ["a disconnect", Buffer.from([3, 0, 0, 11, 6, 0x80, 0, 0, 0, 0, 0]), { kind: "foreign" }],
    ["half an answer", selects(1).subarray(0, 15), undefined],
  ])("says %s", (_, bytes, said) => {
    expect(read(bytes)).toEqual(said);
  });

  test.each([
    "SSL_REQUIRED_BY_SERVER",
    "SSL_NOT_ALLOWED_BY_SERVER",
    "SSL_CERT_NOT_ON_SERVER",
    "INCONSISTENT_FLAGS",
    "HYBRID_REQUIRED_BY_SERVER",
    "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER",
  ])("names the refusal %s", (code) => {
    const codes = [1, 2, 3, 4, 5, 6].map((value) => read(refuses(value)));
    expect(codes).toContainEqual({ kind: "refused", code });
  });

  test("is read to an end of some kind, or waited for, whatever the bytes are", () => {
    const like = fc.tuple(fc.constant(Buffer.from([3, 0, 0])), fc.uint8Array({ maxLength: 20 })).map(Buffer.concat);
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), like), (bytes) => {
        const said = read(Buffer.from(bytes));
        expect(["tls", "plain", "refused", "foreign", undefined]).toContain(said?.kind);
      }),
    );
  });
});
