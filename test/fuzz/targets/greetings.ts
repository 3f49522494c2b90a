import { readRdpConfirm } from "../../../src/roads/rdp-connection-confirm.ts";
import { readRfbGreeting } from "../../../src/roads/rfb-greeting.ts";
import { readTlsServerFlight } from "../../../src/roads/tls-server-flight.ts";
import { refuses, selects } from "../../support/rdp-server.ts";
import { certificateChain, records, serverHello } from "../../support/tls-flight.ts";
import { expectThat, type FuzzTarget } from "../parts/fuzz-target.ts";

const readers = [readRdpConfirm, readTlsServerFlight, readRfbGreeting] as const;
/** The most that one of them may ask for at a time: a TLS record. */
const maxTakeBytes = 18_432;

/** What a server says first, read by us: the first byte says by which reader. Each asks for few bytes and comes to an end. */
export const greetings: FuzzTarget = {
  name: "greetings",
  seeds: [
    [0, selects(2)] as const,
    [0, refuses(5)] as const,
    [1, records(Buffer.concat([serverHello(), certificateChain(Buffer.alloc(40, 1))]))] as const,
    [2, Buffer.from("RFB 003.008\n\x02\x02\x13")] as const,
    [2, Buffer.from("RFB 003.003\n\0\0\0\0\0\0\0\x04busy")] as const,
  ].map(([reader, bytes]) => Buffer.concat([Buffer.of(reader), bytes])),
  words: ["RFB 003.007\n", "RFB 004.001\n", "\x03\0\0\x0b\x06\xd0", "\x16\x03\x03", "\x02\0\0", "\x0b\0\0"],

  run(input) {
    const which = (input[0] ?? 0) % readers.length;
    const reading = readers[which]?.();
    let at = 1;
    for (let step = reading?.next(Buffer.alloc(0)); step && !step.done; ) {
      const take = typeof step.value === "number" ? step.value : step.value.take;
      expectThat(take >= 0 && take <= maxTakeBytes, `${take} bytes are asked for`);
      if (at + take > input.length) return `${which} waits`;
      step = reading?.next(input.subarray(at, at + take));
      at += take;
      if (step?.done) return `${which} ${outcomeOf(step.value)}`;
    }
    return `${which} ended at once`;
  },
};

const outcomeOf = (value: { kind: string } & Partial<Record<string, unknown>>): string =>
  [value.kind, value.code, value.hasNla, value.version].filter((part) => part !== undefined).join(" ");
