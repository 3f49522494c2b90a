import { describe, expect, test } from "vitest";
import { endReasons } from "../../../src/core/session-end.ts";
import { endWords } from "../../../src/web/session/end-words.ts";
import { pendingSession } from "../../support/session-scenarios.ts";

const limits = { idleLimitMs: 3_600_000, longestMs: 28_800_000, resumeMs: 300_000 };
const facts = { session: pendingSession, detail: null, ranForMs: 47 * 60_000, limits, watched: null };

describe("the words for the end of a session", () => {
  test.each(endReasons)("%s has a title without a full stop and a sentence with one", (reason) => {
    const { title, sentence } = endWords(reason, facts);
    expect(title).toMatch(/^\S.*[^.]$/);
    expect(sentence).toMatch(/^\S.*\.$/);
    expect(`${title} ${sentence}`).not.toMatch(/undefined|null|NaN|please|invalid|oops/i);
  });

  test("a session that never started is not said to have run", () => {
    expect(endWords("closed", { ...facts, ranForMs: null }).sentence).toBe("It was ended before it had started.");
    expect(endWords("closed", facts).sentence).toBe("It ran for 47 minutes.");
  });

  test.each([
    ["The name 10.20.9.61 is not known to the gateway.", "10.20.9.61 can't be found"],
    ["10.20.9.61 refuses connections on port 22: nothing listens there.", "10.20.9.61 does not answer on port 22"],
    ["What answers at 10.20.9.61 on port 22 is not an SSH server.", "10.20.9.61 can't be reached"],
  ])("an unreachable target: %s", (detail, title) => {
    expect(endWords("target_unreachable", { ...facts, detail })).toMatchObject({ title, sentence: detail });
  });

  test.each([
    ["db-gw stopped answering: silent for 12 s.", "Hop 2, db-gw, stopped answering", false],
    ["db-gw refused the sign-in of jump.", "Hop 2, db-gw, refused the sign-in", false],
    ["db-gw wants a password or a key of jump, and none was given.", "Hop 2, db-gw, refused the sign-in", false],
    ["db-gw does not let jump pass on connections to a on port 1.", "Hop 2, db-gw, does not pass on connections", true],
    ["The name db-gw is not known to hop 1, gw.", "Hop 2, db-gw, can't be reached", false],
  ])("a hop that failed before the session ran: %s", (why, title, isBehind) => {
    expect(endWords("hop_failed", { ...facts, detail: `Hop 2, db-gw: ${why}`, ranForMs: null })).toEqual({
      title,
      sentence: why,
      breakAt: { hop: 2, isBehind, note: title.slice("Hop 2, db-gw, ".length) },
    });
  });

  test("a hop that fails a running session is named with what may have been lost", () => {
    const detail = "Hop 1, fd00::7: fd00::7 closed the connection.";
    expect(endWords("hop_failed", { ...facts, detail })).toEqual({
      title: "Hop 1, fd00::7, stopped answering",
      sentence:
        "fd00::7 closed the connection. The session was running for 47 minutes and has ended. Programs you started may have stopped with it, unless they ran in tmux, screen or a service.",
      breakAt: { hop: 1, isBehind: false, note: "stopped answering" },
    });
  });

  test("a certificate that has changed is told without its fingerprints, which stand below", () => {
    const [now, before] = ["AB", "CD"].map((byte) => `SHA256:${Array(32).fill(byte).join(":")}`);
    const detail = `pc-1 showed another certificate than the one seen before. Now: ${now}. Expected: ${before}. Nothing was sent to it.`;
    expect(endWords("certificate_untrusted", { ...facts, detail })).toMatchObject({
      title: "The target's certificate has changed",
      sentence: "pc-1 showed another certificate than the one seen before. Nothing was sent to it.",
    });
    const plain = "pc-1 offers only RDP's own encryption.";
    expect(endWords("certificate_untrusted", { ...facts, detail: plain })).toMatchObject({
      title: "The target's certificate is not trusted",
      sentence: plain,
    });
  });

  test("a key that nobody has approved, that is not known or that was revoked is told as such, and not as changed", () => {
    const titled = (detail: string) => endWords("host_key_changed", { ...facts, detail }).title;
    const shown = "Shown: SHA256:a.";
    expect(titled(`The host key of db-1 has not been approved yet. ${shown} An admin has to.`)).toBe(
      "The host key of the target waits for approval",
    );
    expect(titled(`No host key of db-1 has been approved or imported, and so on. ${shown}`)).toBe(
      "The host key of the target is not known",
    );
    expect(titled(`Hop 2, gw: gw showed a host key that was revoked. ${shown}`)).toBe(
      "The host key of hop 2 was revoked",
    );
    const certificate = `The certificate of pc-1 has not been approved yet. ${shown} Nothing was sent to it.`;
    expect(endWords("certificate_untrusted", { ...facts, detail: certificate })).toMatchObject({
      title: "The target's certificate waits for approval",
      sentence: "The certificate of pc-1 has not been approved yet. Nothing was sent to it.",
    });
  });

  test("the host key of a hop, and a hop that is not allowed, are told as the hop's", () => {
    const changed =
      "Hop 2, db-gw: db-gw showed another host key than the one seen before. Now: SHA256:a. Expected: SHA256:b. Nothing was sent to it.";
    expect(endWords("host_key_changed", { ...facts, detail: changed })).toMatchObject({
      title: "The host key of hop 2 has changed",
      sentence: expect.stringMatching(/^db-gw showed another key than the one seen before\. /),
      breakAt: { hop: 2, isBehind: false, note: "another key" },
    });
    const refused = "Hop 1, gw: The gateway may not reach gw. It is a metadata address.";
    expect(endWords("target_not_allowed", { ...facts, detail: refused })).toMatchObject({
      title: "The gateway may not reach hop 1",
      sentence: "The gateway may not reach gw. It is a metadata address.",
    });
  });

  test("an exit with 0 is a sign-out; any other exit tells its code", () => {
    expect(endWords("target_closed", { ...facts, detail: "exit status 0" }).title).toBe("You signed out");
    const failed = endWords("target_closed", { ...facts, detail: "The shell ended with exit status 127." });
    expect(failed.title).toBe("The target closed the session");
    expect(failed.sentence).toContain("exit status 127");
  });

  test("a limit that ended it is named as far as it is known", () => {
    expect(endWords("idle", facts).title).toBe("Ended after 1 hour without input");
    expect(endWords("max_duration", facts).title).toBe("Ended at the 8-hour limit");
    expect(endWords("client_gone", facts).title).toBe("You were away for more than 5 minutes");
    const none = { ...facts, limits: { idleLimitMs: 0, longestMs: 0, resumeMs: 0 } };
    expect(endWords("idle", none).title).toBe("Ended without input");
    expect(endWords("max_duration", none).title).toBe("Ended at its time limit");
    expect(endWords("client_gone", none).title).toBe("The connection to this page was lost");
  });

  test("who only looked on is not said to have done anything", () => {
    const watched = { ...facts, watched: "a.lindqvist@northwind.example" };
    expect(endWords("closed", watched).title).toBe("a.lindqvist ended the session");
    expect(endWords("client_gone", watched).title).toBe("a.lindqvist was away for more than 5 minutes");
    expect(endWords("target_closed", { ...watched, detail: "exit status 0" }).title).toBe(
      "The target closed the session",
    );
  });

  test("who ended it is named with the time, and how long it waited is told", () => {
    const session = { ...pendingSession, created_at: "2026-11-24T14:37:10Z", ended_at: "2026-11-24T14:42:10Z" };
    const detail = "a.lindqvist@northwind.example ended this session.";
    const { sentence } = endWords("terminated", { ...facts, session, detail });
    expect(sentence).toMatch(/^a\.lindqvist ended it at \d\d:42\. Ask them before you start again\.$/);
    expect(endWords("expired", { ...facts, session }).sentence).toMatch(/^It waited for 5 minutes\. /);
    expect(endWords("revoked", { ...facts, session }).sentence).toMatch(/ was changed at \d\d:42\. /);
  });
});
