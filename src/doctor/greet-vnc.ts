import type { Duplex } from "node:stream";
import type { Endpoint, Road } from "../core/endpoint.ts";
import type { Fault } from "../core/faults.ts";
import { SessionFailure } from "../core/session-end.ts";
import { type RfbGreeting, readRfbGreeting } from "../roads/rfb-greeting.ts";
import { plainWords } from "../roads/rfb-handshake.ts";
import { OutOfTime, within } from "../roads/within.ts";
import type { Way } from "./way.ts";

/** What guacd's VNC library signs in by (LibVNCClient's ReadSupportedSecurityType): type → what people call it. */
const known: ReadonlyMap<number, string> = new Map([
  [1, "no sign-in"],
  [2, "a password"],
  [18, "TLS"],
  [19, "VeNCrypt"],
  [30, "Apple's sign-in"],
  [113, "a Windows sign-in"],
]);

/**
 * Asks a VNC server for its version and kinds of sign-in, and hangs up; resolves with a sentence on what was found. Rejects
 * with `SessionFailure` when a session could not go on.
 */
export const greetVnc = async (options: {
  target: Endpoint;
  road: Road;
  timeoutMs: number;
  way: Way;
  signal: AbortSignal;
}): Promise<string> => {
  const { target, road, timeoutMs, way, signal } = options;
  const { host, port } = target;
  const fail = (fault: Fault, detail: string) => new SessionFailure("target_unreachable", detail, { fault });
  const stream = await road.connect(target, signal);
  try {
    way.beginGreeting();
    stream.on("error", () => undefined);
    const greeting = await within(greet(stream), timeoutMs, signal);
    switch (greeting.kind) {
      case "foreign":
        throw fail("not_vnc", `What answers at ${host} on port ${port} is not a VNC server.`);
      case "closed":
        throw fail("closed_without_word", `${host} closed the connection on port ${port} without a word.`);
      case "turned_away":
        throw fail(
          "vnc_refuses",
          `${host} turns the connection away and says: "${plainWords(greeting.words.toString())}"`,
        );
      case "offers":
        return judge(greeting, (detail) => fail("vnc_security_unsupported", detail), host);
    }
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
    throw fail("mute", `${host} takes connections on port ${port} but says nothing: silent for ${timeoutMs / 1000} s.`);
  } finally {
    stream.destroy();
  }
};

const judge = (
  { version, types }: Extract<RfbGreeting, { kind: "offers" }>,
  fail: (detail: string) => SessionFailure,
  host: string,
): string => {
  const usable = types.flatMap((type) => known.get(type) ?? []);
  if (usable.length > 0) return `Speaks VNC (RFB ${version}) and takes ${usable.join(", ")}.`;
  throw fail(`${host} offers only kinds of sign-in that guacd does not know: ${types.join(", ")}.`);
};

const greet = async (stream: Duplex): Promise<RfbGreeting | { readonly kind: "closed" }> => {
  const script = readRfbGreeting();
  let turn = script.next();
  let held: Buffer = Buffer.alloc(0);
  const advance = () => {
    while (!turn.done && held.length >= turn.value.take) {
      const { take } = turn.value;
      turn = script.next(held.subarray(0, take));
      held = held.subarray(take);
      if (!turn.done && turn.value.send) stream.write(turn.value.send);
    }
  };
  for await (const chunk of stream) {
    held = Buffer.concat([held, chunk]);
    advance();
    if (turn.done) return turn.value;
  }
  // Whoever speaks another language may have said too little.
  return held.length > 0 ? { kind: "foreign" } : { kind: "closed" };
};
