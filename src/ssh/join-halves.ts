import { Transform } from "node:stream";

/** The two halves of a UTF-16 pair, each written as if it were a character of three bytes. */
const pair = /\xed([\xa0-\xaf])([\x80-\xbf])\xed([\xb0-\xbf])([\x80-\xbf])/g;
/** The beginning of a pair at the end of what has come so far. */
const begun = /\xed(?:[\xa0-\xaf](?:[\x80-\xbf](?:\xed[\xb0-\xbf]?)?)?)?$/;

/**
 * Writes characters beyond 16 bits as UTF-8 wants them. guacd's terminal types them as two halves, which no valid text
 * holds, so all else goes through as it is. A half waits for the other only as long as nothing else comes.
 */
export const joinHalves = (): Transform => {
  let held = "";
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (held === "" && !chunk.includes(0xed)) return done(null, chunk);
      const bytes = held + chunk.toString("latin1");
      held = begun.exec(bytes)?.[0] ?? "";
      const whole = bytes.slice(0, bytes.length - held.length).replace(pair, joined);
      done(null, Buffer.from(whole, "latin1"));
    },
    flush(done) {
      done(null, Buffer.from(held, "latin1"));
    },
  });
};

const joined = (_pair: string, ...halves: string[]): string => {
  const [a = 0, b = 0, c = 0, d = 0] = halves.slice(0, 4).map((byte) => byte.charCodeAt(0) & 0x3f);
  const character = String.fromCharCode(0xd000 | (a << 6) | b, 0xd000 | (c << 6) | d);
  return Buffer.from(character).toString("latin1");
};
