import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Side } from "../../../src/roads/handshake-watch.ts";
import { RfbWatch } from "../../../src/roads/rfb-watch.ts";

type Said = readonly [Side, Buffer];

const server = (...parts: (string | number[] | Buffer)[]): Said => ["target", bytes(parts)];
const client = (...parts: (string | number[] | Buffer)[]): Said => ["guacd", bytes(parts)];
const bytes = (parts: (string | number[] | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));
const u32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const words = (text: string) => bytes([u32(Buffer.byteLength(text)), text]);

const hello = (version: string): Said[] => [server(`RFB ${version}\n`), client(`RFB ${version}\n`)];
const challenge = server(Buffer.alloc(16, 7));
const response = client(Buffer.alloc(16, 9));
/** The 64 characters of a name in ServerInit, which are no longer the watch's. */
const init = server(Buffer.alloc(64, 1));
const apple = [server([0, 2, 0, 128], Buffer.alloc(256, 3)), client(Buffer.alloc(256, 4))];

const accepted = { kind: "accepted" };
const opaque = { kind: "opaque" };
const hidden = { kind: "hidden" };
const foreign = { kind: "foreign" };
const refused = (text = "") => ({ kind: "refused", words: text });
const turnedAway = (text = "") => ({ kind: "turned_away", words: text });

const talks: [string, Said[], object | undefined][] = [
  [
    "3.8, right password",
    [...hello("003.008"), server([2, 2, 19]), client([2]), challenge, response, server(u32(0)), init],
    accepted,
  ],
  [
    "3.8, wrong password",
    [
      ...hello("003.008"),
      server([1, 2]),
      client([2]),
      challenge,
      response,
      server(u32(1), words("Authentication failure")),
    ],
    refused("Authentication failure"),
  ],
  [
    "3.8, too many tries",
    [
      ...hello("003.008"),
      server([1, 2]),
      client([2]),
      challenge,
      response,
      server(u32(2), words("Too many authentication failures")),
    ],
    refused("Too many authentication failures"),
  ],
  [
    "3.8, wrong password, gone before its reason",
    [...hello("003.008"), server([1, 2]), client([2]), challenge, response, server(u32(1), [0, 0])],
    refused(),
  ],
  [
    "3.7, wrong password",
    [...hello("003.007"), server([1, 2]), client([2]), challenge, response, server(u32(1))],
    refused(),
  ],
  [
    "3.7, right password",
    [...hello("003.007"), server([1, 2]), client([2]), challenge, response, server(u32(0)), init],
    accepted,
  ],
  ["3.3, wrong password", [...hello("003.003"), server(u32(2)), challenge, response, server(u32(1))], refused()],
  ["3.3, right password", [...hello("003.003"), server(u32(2)), challenge, response, server(u32(0)), init], accepted],
  ["3.3, no password", [...hello("003.003"), server(u32(1)), client([1]), init], accepted],
  [
    "3.3, turned away",
    [...hello("003.003"), server(u32(0), words("Too many security failures"))],
    turnedAway("Too many security failures"),
  ],
  [
    "3.8, turned away",
    [...hello("003.008"), server([0], words("Too many security failures"))],
    turnedAway("Too many security failures"),
  ],
  ["3.7, no password", [...hello("003.007"), server([1, 1]), client([1]), client([1]), init], accepted],
  ["3.8, no password", [...hello("003.008"), server([1, 1]), client([1]), server(u32(0)), client([1]), init], accepted],
  [
    "3.8, no password, somebody said no",
    [...hello("003.008"), server([1, 1]), client([1]), server(u32(1), words("Rejected by the user"))],
    turnedAway("Rejected by the user"),
  ],
  [
    "Apple's 3.889, right account",
    [
      server("RFB 003.889\n"),
      client("RFB 003.008\n"),
      server([2, 30, 2]),
      client([30]),
      ...apple,
      server(u32(0)),
      init,
    ],
    accepted,
  ],
  [
    "Apple's 3.889, wrong account",
    [
      server("RFB 003.889\n"),
      client("RFB 003.008\n"),
      server([2, 30, 2]),
      client([30]),
      ...apple,
      server(u32(1), words("no")),
    ],
    refused("no"),
  ],
  ["VeNCrypt", [...hello("003.008"), server([2, 19, 2]), client([19]), server([0, 2]), client([0, 2])], hidden],
  ["TLS", [...hello("003.008"), server([1, 18]), client([18]), server([1]), client([22, 3, 1])], hidden],
  ["a type that nobody knows", [...hello("003.003"), server([255, 255, 255, 250]), init], hidden],
  [
    "an answer that is none",
    [...hello("003.008"), server([1, 2]), client([2]), challenge, response, server(u32(77))],
    refused(),
  ],
  ["no RFB", [server("SSH-2.0-OpenSSH_9.2\r\n")], foreign],
  ["a client that goes away", [...hello("003.008"), server([1, 2])], undefined],
];

const run = (talk: readonly Said[]) => {
  const watch = new RfbWatch();
  let calls = 0;
  let isWatching = true;
  for (const [side, said] of talk) {
    if (!isWatching) break;
    calls++;
    isWatching = watch.look(side, said) === "more";
  }
  return { watch, isWatching, calls };
};

test.each(talks)("%s", (_, talk, verdict) => {
  const { watch, isWatching } = run(talk);
  expect(watch.verdict).toEqual(verdict);
  if (verdict !== undefined && [accepted, opaque, hidden, foreign].includes(verdict as typeof opaque))
    expect(isWatching).toBe(false);
});

test("the verdict is the same however the bytes are split and however far a side is ahead", () => {
  const cut = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.constantFrom(...talks),
      cut,
      cut,
      fc.infiniteStream(fc.boolean()),
      (talk, serverCuts, clientCuts, turns) => {
        const [, said, verdict] = talk;
        const of = (side: Side) => Buffer.concat(said.flatMap(([from, part]) => (from === side ? [part] : [])));
        const queues = { target: split(of("target"), serverCuts), guacd: split(of("guacd"), clientCuts) };
        const order: Said[] = [];
        for (const turn of turns) {
          const side = turn ? "target" : "guacd";
          const other = turn ? "guacd" : "target";
          const from = queues[side].length > 0 ? side : other;
          const part = queues[from].shift();
          if (!part) break;
          order.push([from, part]);
        }
        expect(run(order).watch.verdict).toEqual(verdict);
      },
    ),
  );
});

/** Pieces of lengths that repeat. */
const split = (whole: Buffer, lengths: readonly number[]): Buffer[] => {
  const parts: Buffer[] = [];
  for (let at = 0, index = 0; at < whole.length; index++) {
    const length = lengths[index % lengths.length] ?? 1;
    parts.push(whole.subarray(at, at + length));
    at += length;
  }
  return parts;
};

test("any bytes at all are taken without a fault, and never more than some kilobytes are waited for", () => {
  const chunk = fc.tuple(fc.constantFrom<Side>("target", "guacd"), fc.uint8Array({ maxLength: 3000 }));
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 30 }), fc.boolean(), (chunks, beginsWell) => {
      const begin = beginsWell ? hello("003.008") : [];
      expect(() => run([...begin, ...chunks.map(([side, part]): Said => [side, Buffer.from(part)])])).not.toThrow();
    }),
  );
  const { isWatching, watch } = run([...hello("003.008"), client(Buffer.alloc(9000))]);
  expect(isWatching).toBe(false);
  expect(watch.verdict).toEqual(opaque);
});

test("once it is decided nothing more is looked at", () => {
  const talk = [...hello("003.008"), server([1, 19]), client([19]), client([1]), init, init];
  expect(run(talk).calls).toBe(4);
});

describe("what people read", () => {
  const target = { host: "10.0.0.7", port: 5900 };
  const refusedWith = (text: string) =>
    run([...hello("003.008"), server([1, 2]), client([2]), challenge, response, server(u32(1), words(text))]).watch;

  test("is the server's reason on one line, without what would disturb", () => {
    expect(refusedWith("No\u0007 \r\n\u202e way\u200b ").failure(target)?.end).toEqual({
      reason: "auth_failed",
      detail: '10.0.0.7 refused the sign-in and says: "No way"',
    });
  });

  test("is short, however much the server says", () => {
    expect(refusedWith("é".repeat(5000)).failure(target)?.end.detail?.length).toBeLessThan(300);
  });

  test("is a plain sentence when the server gives no reason", () => {
    expect(refusedWith("").failure(target)?.end.detail).toBe("10.0.0.7 refused the sign-in.");
  });

  test("does not blame the password when the server wants nobody", () => {
    const { watch } = run([...hello("003.008"), server([0], words("Too many security failures"))]);
    expect(watch.failure(target)?.end).toEqual({
      reason: "target_unreachable",
      detail: '10.0.0.7 turned the connection away and says: "Too many security failures"',
    });
  });

  test("is nothing while all is well, or when nothing can be told", () => {
    for (const [, talk, verdict] of talks)
      if (verdict === accepted || verdict === opaque || verdict === undefined)
        expect(run(talk).watch.failure(target)).toBeNull();
  });
});
