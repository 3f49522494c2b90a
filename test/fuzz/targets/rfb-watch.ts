import type { Side, Sight } from "../../../src/roads/handshake-watch.ts";
import { RfbWatch } from "../../../src/roads/rfb-watch.ts";
import { expectThat, type FuzzTarget } from "../parts/fuzz-target.ts";

interface Said {
  readonly from: Side;
  readonly bytes: Buffer;
}

const target = { host: "pc-1", port: 5900 };
/** More than a handshake takes and one side may say ahead of the other. */
const tooManyBytes = 4096 + 8192;

/**
 * A VNC server and guacd, in pieces of one byte for side and length and then the bytes: the same is told however the pieces
 * are split, little is held, and the target's words come out on one line.
 */
export const rfbWatch: FuzzTarget = {
  name: "rfb-watch",
  seeds: [
    talk(
      ["t", "RFB 003.008\n"],
      ["g", "RFB 003.008\n"],
      ["t", "\x01\x02"],
      ["g", "\x02"],
      ["t", "c".repeat(16)],
      [...(["g", "r".repeat(16)] as const)],
      ["t", "\0\0\0\x01\0\0\0\x05wrong"],
    ),
    talk(["t", "RFB 003.003\n"], ["g", "RFB 003.003\n"], ["t", "\0\0\0\x01"]),
    talk(["t", "RFB 003.008\n"], ["g", "RFB 003.008\n"], ["t", "\0\0\0\0\x04busy"]),
    talk(["t", "RFB 003.889\n"], ["g", "RFB 003.008\n"], ["t", "\x01\x1e"], ["g", "\x1e"], ["t", "\0\x02\0\x08"]),
    talk(["t", "SSH-2.0-OpenSSH_9.6"]),
  ],
  words: ["RFB 003.003\n", "RFB 003.007\n", "RFB 003.008\n", "\0\0\0\0", "\0\0\0\x01", "\x01\x02", "\x02\x02\x13"],

  run(input) {
    const pieces = read(input);
    const whole = watch(pieces);
    const bytes = pieces.flatMap(({ from, bytes: all }) =>
      Array.from(all, (_, at) => ({ from, bytes: all.subarray(at, at + 1) })),
    );
    for (const from of ["target", "guacd"] as const) {
      const { sight } = watch([...pieces, { from, bytes: Buffer.alloc(tooManyBytes) }]);
      expectThat(sight === "enough", `${from} can speak without an end`);
    }
    const isLittle = pieces.every(({ bytes: all }) => all.length > 0) && input.length <= 8192;
    if (isLittle) expectThat(watch(bytes).verdict === whole.verdict, "byte by byte it says something else");
    expectThat(!/[\p{Cc}\p{Zl}\p{Zp}]/u.test(whole.sentence), "the target's words are not one line of text");
    expectThat(whole.sentence.length < 500, "the target's words are long");
    return `${whole.sight}, ${whole.kind}, after ${whole.pieces} pieces`;
  },
};

const watch = (pieces: readonly Said[]) => {
  const rfb = new RfbWatch();
  let sight: Sight = "more";
  let count = 0;
  for (const { from, bytes } of pieces) {
    if (sight !== "more") break;
    count++;
    sight = rfb.look(from, bytes);
  }
  expectThat(sight !== "cut", "a VNC connection is cut");
  const sentence = rfb.failure(target)?.end.detail ?? "";
  return {
    sight,
    pieces: Math.min(count, 9),
    kind: rfb.verdict?.kind ?? "open",
    verdict: JSON.stringify(rfb.verdict),
    sentence,
  };
};

const read = (input: Buffer): Said[] => {
  const pieces: Said[] = [];
  for (let at = 0; at < input.length; ) {
    const [head = 0] = input.subarray(at);
    const length = head & 0x7f;
    pieces.push({ from: head & 0x80 ? "guacd" : "target", bytes: input.subarray(at + 1, at + 1 + length) });
    at += 1 + length;
  }
  return pieces;
};

function talk(...said: (readonly [side: "t" | "g", text: string])[]): Buffer {
  return Buffer.concat(
    said.map(([side, text]) =>
      Buffer.concat([Buffer.of((side === "g" ? 0x80 : 0) | text.length), Buffer.from(text, "latin1")]),
    ),
  );
}
