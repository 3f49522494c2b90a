import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { certificateFingerprint } from "../../../src/core/certificate-fingerprint.ts";
import type { Sight } from "../../../src/roads/handshake-watch.ts";
import { RdpWatch } from "../../../src/roads/rdp-watch.ts";
import { confirm, refuses, selects } from "../../support/rdp-server.ts";
import { certificateChain, handshakeMessage, records, serverHello } from "../../support/tls-flight.ts";

// What the watch makes of a target's first words. It reads no certificate, so any bytes are one here.

const checked = Buffer.alloc(700, 1);
const other = Buffer.alloc(900, 2);
const fingerprint = certificateFingerprint(checked);
const target = { host: "pc-1", port: 3389 };

const renegotiation = Buffer.of(0xff, 1, 0, 1, 0);
const version13 = Buffer.of(0, 43, 0, 2, 3, 4);
const tls12 = (...certificates: Buffer[]) =>
  Buffer.concat([serverHello(renegotiation), certificateChain(...certificates)]);
const alert = Buffer.of(21, 3, 3, 0, 2, 2, 40);

const run = (chunks: readonly Buffer[], isNegotiated = true) => {
  const watch = new RdpWatch({ fingerprint, isNegotiated });
  let sight: Sight = "more";
  for (const chunk of chunks) if (sight === "more") sight = watch.look("target", chunk);
  return { sight, end: watch.failure(target)?.end ?? null };
};
const negotiated = (flight: Buffer) => Buffer.concat([selects(2), flight]);

const harmless: [string, Buffer][] = [
  ["the checked certificate, with the authority's behind it", negotiated(records(tls12(checked, other)))],
  ["TLS 1.3, where nothing can be seen", negotiated(records(serverHello(Buffer.concat([renegotiation, version13]))))],
  ["an alert", negotiated(alert)],
  ["a refusal, after which guacd comes again", refuses(5)],
];
const dangerous: [string, Buffer, string, RegExp][] = [
  [
    "another certificate",
    negotiated(records(tls12(other, checked))),
    "certificate_untrusted",
    /Now: SHA256:([0-9A-F]{2}:){31}[0-9A-F]{2}\. Expected: SHA256:/,
  ],
  ["RDP's own encryption", selects(0), "certificate_untrusted", /wants to go without/],
  ["an answer without negotiation", confirm(), "certificate_untrusted", /wants to go without/],
  [
    "a key exchange without a certificate",
    negotiated(records(Buffer.concat([serverHello(), handshakeMessage(12, other)]))),
    "certificate_untrusted",
    /shows no certificate/,
  ],
  [
    "a session taken up again",
    negotiated(Buffer.concat([records(serverHello()), Buffer.of(20, 3, 3, 0, 1, 1)])),
    "certificate_untrusted",
    /shows no certificate/,
  ],
  [
    "an empty list of certificates",
    negotiated(records(Buffer.concat([serverHello(), certificateChain()]))),
    "certificate_untrusted",
    /shows no certificate/,
  ],
  [
    "a certificate longer than its list",
    negotiated(records(Buffer.concat([serverHello(), handshakeMessage(11, Buffer.of(0, 0, 9, 0, 0, 99, 1, 2, 3))]))),
    "certificate_untrusted",
    /shows no certificate/,
  ],
  [
    "an endless certificate",
    negotiated(records(Buffer.concat([serverHello(), Buffer.of(11, 0xff, 0xff, 0xff)]))),
    "certificate_untrusted",
    /shows no certificate/,
  ],
  ["no RDP", Buffer.from("SSH-2.0-OpenSSH_9.2\r\n"), "target_unreachable", /not an RDP server/],
];

describe("guacd's own connection", () => {
  test.each(harmless)("passes with %s", (_, said) => {
    expect(run([said])).toEqual({ sight: "enough", end: null });
  });

  test.each(dangerous)("is cut at %s, and says why", (_, said, reason, detail) => {
    expect(run([said])).toEqual({ sight: "cut", end: { reason, detail: expect.stringMatching(detail) } });
  });

  test("begins with TLS where nothing is negotiated", () => {
    expect(run([records(tls12(checked))], false).sight).toBe("enough");
    expect(run([records(tls12(other))], false).sight).toBe("cut");
  });

  test("is not judged by what guacd says", () => {
    const watch = new RdpWatch({ fingerprint, isNegotiated: true });
    expect(watch.look("guacd", selects(0))).toBe("more");
    expect(watch.failure(target)).toBeNull();
  });

  test("is judged alike however records and segments cut the words", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(checked, other), fc.integer({ min: 1, max: 2000 }), sizes, (shown, record, cuts) => {
        const { sight } = run(split(negotiated(records(tls12(shown), record)), cuts));
        expect(sight).toBe(shown === checked ? "enough" : "cut");
      }),
    );
  });
});

const split = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = cuts[turn % cuts.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
};
