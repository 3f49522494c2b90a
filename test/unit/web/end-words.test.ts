import { describe, expect, test } from "vitest";
import { endReasons } from "../../../src/core/session-end.ts";
import { endWords } from "../../../src/web/session/end-words.ts";
import { pendingSession } from "../../support/session-scenarios.ts";

const facts = { session: pendingSession, detail: null, ranForMs: 47 * 60_000 };

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

  test("an exit with 0 is a sign-out; any other exit tells its code", () => {
    expect(endWords("target_closed", { ...facts, detail: "exit status 0" }).title).toBe("You signed out");
    const failed = endWords("target_closed", { ...facts, detail: "The shell ended with exit status 127." });
    expect(failed.title).toBe("The target closed the session");
    expect(failed.sentence).toContain("exit status 127");
  });
});
