import { expect, test } from "vitest";
import { endReasons } from "../../../src/core/session-end.ts";
import { initialsOf } from "../../../src/web/portal/initials-of.ts";
import { Problem } from "../../../src/web/portal/problem.ts";
import { endWords, problemWords, sentence } from "../../../src/web/portal/words.ts";

test("every reason a session can end for has words", () => {
  expect(Object.keys(endWords).toSorted()).toEqual(endReasons.toSorted());
});

test.each([
  ["port: must be 1 to 65535", "port", "Must be 1 to 65535."],
  ["There is no such session.", null, "There is no such session."],
])("the gateway's %j becomes a sentence", (detail, field, words) => {
  expect(sentence(detail, field)).toBe(words);
});

test("a refusal with an unknown code still says what the gateway said", () => {
  expect(problemWords(new Problem({ status: 409, code: "brand_new", detail: "try later" })).text).toBe("Try later.");
});

test.each([
  ["Mia Keller", "MK"],
  ["m.keller@example.com", "MK"],
  ["ops", "O"],
  ["first admin key", "FK"],
  ["Żaneta", "Ż"],
  ["---", "?"],
])("%s is shown as %s", (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
