/** What a VNC server says before anybody signs in. */
export type RfbGreeting =
  | { readonly kind: "offers"; readonly version: string; readonly types: readonly number[] }
  /** It wants no connection, with its own words. */
  | { readonly kind: "turned_away"; readonly words: Buffer }
  | { readonly kind: "foreign" };

/** Bytes to read next, after these were sent. */
export interface RfbTurn {
  readonly send?: Buffer;
  readonly take: number;
}

const maxReasonBytes = 512;

/** The beginning of RFB (RFC 6143 §7.1.1 and 7.1.2) as a client that chooses nothing. */
export function* readRfbGreeting(): Generator<RfbTurn, RfbGreeting, Buffer> {
  const hello = (yield { take: 12 }).toString("latin1");
  const [, major, minor] = /^RFB (\d{3})\.(\d{3})\n$/.exec(hello) ?? [];
  if (major === undefined) return { kind: "foreign" };
  // What is newer than 3.8 or between the known versions counts as the next known one below.
  const spoken = Number(major) > 3 || Number(minor) >= 8 ? 8 : Number(minor) === 7 ? 7 : 3;
  const send = Buffer.from(`RFB 003.00${spoken}\n`);
  const version = `3.${spoken}`;
  if (spoken === 3) {
    const type = (yield { send, take: 4 }).readUInt32BE();
    return type === 0 ? yield* readReason() : { kind: "offers", version, types: [type] };
  }
  const count = (yield { send, take: 1 }).readUInt8();
  return count === 0 ? yield* readReason() : { kind: "offers", version, types: [...(yield { take: count })] };
}

function* readReason(): Generator<RfbTurn, RfbGreeting, Buffer> {
  const length = (yield { take: 4 }).readUInt32BE();
  return { kind: "turned_away", words: yield { take: Math.min(length, maxReasonBytes) } };
}
