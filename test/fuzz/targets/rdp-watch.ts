import { certificateFingerprint } from "../../../src/core/certificate-fingerprint.ts";
import type { Sight } from "../../../src/roads/handshake-watch.ts";
import { RdpWatch } from "../../../src/roads/rdp-watch.ts";
import { selects } from "../../support/rdp-server.ts";
import { certificateChain, records, serverHello } from "../../support/tls-flight.ts";
import { expectThat, type FuzzTarget } from "../parts/fuzz-target.ts";

const checked = Buffer.alloc(40, 1);
const other = Buffer.alloc(60, 2);
const target = { host: "pc-1", port: 3389 };
/**
 * What an RDP server says to guacd: the same is seen however it is split, and a connection passes only with
 * the checked certificate or where none can be seen. The first byte says whether the server negotiates.
 */
export const rdpWatch: FuzzTarget = {
  name: "rdp-watch",
  seeds: [
    Buffer.concat([selects(2), records(Buffer.concat([serverHello(), certificateChain(checked, other)]))]),
    Buffer.concat([selects(1), records(Buffer.concat([serverHello(), certificateChain(other)]), 20)]),
    Buffer.concat([selects(8), records(serverHello(Buffer.of(0, 43, 0, 2, 3, 4)))]),
    Buffer.concat([selects(1), Buffer.of(21, 3, 3, 0, 2, 2, 40)]),
    selects(0),
  ].map((flight) => Buffer.concat([Buffer.of(1), flight])),
  words: [
    "\x16\x03\x03\0",
    "\x15\x03\x03\0\x02\x02(",
    "\x02\0\0",
    "\x0b\0\0",
    "\0+\0\x02\x03\x04",
    "\x03\0\0\x13\x0e\xd0",
  ],

  run(input) {
    const isNegotiated = (input[0] ?? 0) % 2 === 1;
    const flight = input.subarray(1);
    const whole = watch(flight, flight.length, isNegotiated);
    const parts = watch(flight, 1, isNegotiated);
    const isSame = parts.sight === whole.sight && parts.detail === whole.detail;
    expectThat(isSame, "byte by byte it sees something else");
    return `${whole.sight}, ${whole.reason}, of 2^${Math.ceil(Math.log2(parts.bytes + 1))} bytes`;
  },
};

const watch = (flight: Buffer, size: number, isNegotiated: boolean) => {
  const rdp = new RdpWatch({ fingerprint: certificateFingerprint(checked), isNegotiated });
  let sight: Sight = "more";
  let bytes = 0;
  for (; bytes < flight.length && sight === "more"; bytes += size)
    sight = rdp.look("target", flight.subarray(bytes, bytes + size));
  const end = rdp.failure(target)?.end;
  expectThat((sight === "cut") === (end !== undefined), "it is cut without a reason, or passes in spite of one");
  return { sight, bytes, reason: end?.reason ?? "no reason", detail: end?.detail };
};
