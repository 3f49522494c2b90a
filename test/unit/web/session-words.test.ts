import { describe, expect, test } from "vitest";
import { measuredTime } from "../../../src/web/measured-time.ts";
import { keysymsOf } from "../../../src/web/session/keysyms.ts";
import { sessionName } from "../../../src/web/session/session-name.ts";
import { splitBanner } from "../../../src/web/session/split-banner.ts";
import { durationWords } from "../../../src/web/session/time-words.ts";
import { pendingSession } from "../../support/session-scenarios.ts";

describe("times", () => {
  test.each([
    [400, "less than a second"],
    [1000, "1 second"],
    [47 * 60_000, "47 minutes"],
    [125 * 60_000, "2 hours 5 minutes"],
    [3_600_000, "1 hour"],
  ])("%i ms last %s", (ms, words) => expect(durationWords(ms)).toBe(words));

  test.each([
    [0.4, "0 ms"],
    [84, "84 ms"],
    [1240, "1.2 s"],
    [12_400, "12 s"],
  ])("%d ms are measured as %s", (ms, words) => expect(measuredTime(ms)).toBe(words));
});

describe("the name of a session", () => {
  const session = { ...pendingSession, username: "root", hostname: "10.0.0.1" };
  test.each([
    [{}, "root@10.0.0.1"],
    [{ port: 2222 }, "root@10.0.0.1:2222"],
    [{ hostname: "fd00::1", port: 2222 }, "root@[fd00::1]:2222"],
    [{ username: null }, "10.0.0.1"],
    [{ hostname: null, username: null }, "SSH session"],
  ])("%o", (change, name) => expect(sessionName({ ...session, ...change })).toBe(name));
});

describe("a banner", () => {
  const key = `ssh-ed25519 ${"A".repeat(68)} sallyport`;
  test("ends with the key that was made for the session", () => {
    expect(splitBanner(`Two\nlines\n${key}\n`)).toEqual({ text: "Two\nlines", publicKey: key });
    expect(splitBanner(key)).toEqual({ text: "", publicKey: key });
  });
  test("without a key is text, also when it speaks of keys", () => {
    expect(splitBanner("Use ssh-ed25519 keys.")).toEqual({ text: "Use ssh-ed25519 keys.", publicKey: null });
  });
});

test("a text is typed as one keysym for each character, line ends as Enter", () => {
  expect(keysymsOf("a\r\né€😀\t")).toEqual([0x61, 0xff0d, 0xe9, 0x010020ac, 0x0101f600, 0xff09]);
});
