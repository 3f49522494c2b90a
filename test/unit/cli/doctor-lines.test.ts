import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { stepLines } from "../../../src/cli/doctor-lines.ts";
import type { Step } from "../../../src/doctor/step.ts";

const step: Step = { step: "guacd", subject: "Session host", ok: true, ms: 7, cause: null, message: "It is.", fix: [] };
const linesOf = (change: Partial<Step>) => stripVTControlCharacters(stepLines({ ...step, ...change })).split("\n");

test("a step that went well is one line", () => {
  expect(linesOf({})).toEqual(["ok    guacd, Session host (7 ms): It is."]);
});

test.each([
  [true, "warn"],
  [false, "FAIL"],
])("a step with a cause that is ok: %s is marked %s, with the cause and what to do", (ok, mark) => {
  expect(linesOf({ ok, cause: "guacd_option_unknown", fix: ["Update guacd.", "Leave it out."] })).toEqual([
    `${mark}  guacd, Session host (7 ms): It is.`,
    "      guacd_option_unknown",
    "        1. Update guacd.",
    "        2. Leave it out.",
  ]);
});
