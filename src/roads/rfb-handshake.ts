import type { Side } from "./handshake-watch.ts";

/** How an RFB handshake went, with the target's own words where it has some. */
export type RfbVerdict =
  | { readonly kind: "accepted" }
  /** Too strange to be followed: nothing can be told. */
  | { readonly kind: "opaque" }
  /** It signs in encrypted, or in a way that is not known here. */
  | { readonly kind: "hidden" }
  /** What speaks there is no VNC server. */
  | { readonly kind: "foreign" }
  /** The sign-in was wrong. */
  | { readonly kind: "refused"; readonly words: string }
  /** The target wants no connection, whoever signs in. */
  | { readonly kind: "turned_away"; readonly words: string };

/** Bytes that are waited for. */
export interface Wanted {
  readonly from: Side;
  readonly length: number;
  /** What is certain even if they never come. */
  readonly known?: RfbVerdict;
}

const noSignIn = 1;
const vncPassword = 2;
const appleRemoteDesktop = 30;

/** Apple's keys are 128 bytes; much larger ones are not held in memory here. */
const maxKeyBytes = 1024;
const maxReasonBytes = 512;
const maxReasonLength = 200;

const target = (length: number, known?: RfbVerdict): Wanted => ({ from: "target", length, ...(known && { known }) });
const guacd = (length: number): Wanted => ({ from: "guacd", length });

/** The beginning of RFB up to its security result (RFC 6143 §7.1): asks for what comes next and returns how it went. */
export function* readRfbHandshake(): Generator<Wanted, RfbVerdict, Buffer> {
  if (!/^RFB \d{3}\.\d{3}\n$/.test((yield target(12)).toString("latin1"))) return { kind: "foreign" };
  // The client has the last word; what is neither 3.7 nor 3.8 counts as 3.3.
  const [, minor] = /^RFB 003\.(\d{3})\n$/.exec((yield guacd(12)).toString("latin1")) ?? [];
  if (minor === undefined) return { kind: "opaque" };
  const type = yield* Number(minor) < 7 ? readGivenType() : readChosenType();
  if (type === 0) return yield* readWords("turned_away");
  const hasResult = type !== noSignIn || Number(minor) >= 8;
  if (!hasResult) return { kind: "accepted" };
  if (!(yield* passSignIn(type))) return { kind: "hidden" };
  const result = (yield target(4)).readUInt32BE();
  if (result === 0) return { kind: "accepted" };
  // Where nothing was asked, nothing was wrong: somebody at the target said no.
  const kind = type === noSignIn ? "turned_away" : "refused";
  return Number(minor) < 8 ? { kind, words: "" } : yield* readWords(kind);
}

/** Before 3.7 the server decides. */
function* readGivenType(): Generator<Wanted, number, Buffer> {
  return (yield target(4)).readUInt32BE();
}

function* readChosenType(): Generator<Wanted, number, Buffer> {
  const count = (yield target(1)).readUInt8();
  if (count === 0) return 0;
  yield target(count);
  return (yield guacd(1)).readUInt8();
}

/** Passes over what both sides say for a type of security; false for one that is not known. */
function* passSignIn(type: number): Generator<Wanted, boolean, Buffer> {
  if (type === noSignIn) return true;
  if (type === vncPassword) {
    yield target(16);
    yield guacd(16);
    return true;
  }
  if (type !== appleRemoteDesktop) return false;
  const keyBytes = (yield target(4)).readUInt16BE(2);
  if (keyBytes > maxKeyBytes) return false;
  yield target(2 * keyBytes);
  yield guacd(128 + keyBytes);
  return true;
}

function* readWords(kind: "refused" | "turned_away"): Generator<Wanted, RfbVerdict, Buffer> {
  const known: RfbVerdict = { kind, words: "" };
  const length = (yield target(4, known)).readUInt32BE();
  if (length === 0) return known;
  const words = yield target(Math.min(length, maxReasonBytes), known);
  return { kind, words: plainWords(words.toString("utf8")) };
}

/** Text of a stranger on one line: no controls, nothing invisible, not long. */
export const plainWords = (text: string): string =>
  text
    .replace(/[\p{C}\p{Z}\ufffd]+/gu, " ")
    .trim()
    .slice(0, maxReasonLength);
