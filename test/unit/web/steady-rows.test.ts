import { expect, test } from "vitest";
import { steadyRows } from "../../../src/web/portal/sessions/steady-rows.ts";
import { pendingSession } from "../../support/session-scenarios.ts";

const sessions = ["new", "b", "a"].map((session_id) => ({ ...pendingSession, session_id }));
const ids = (options: Partial<Parameters<typeof steadyRows>[0]>) =>
  steadyRows({ shown: ["b", "a"], sessions, belongs: () => true, isHeld: false, ...options }).map(
    ({ session_id }) => session_id,
  );

test("a new session takes its place at the top, but comes last while the pointer is over the rows", () => {
  expect(ids({})).toEqual(["new", "b", "a"]);
  expect(ids({ isHeld: true })).toEqual(["b", "a", "new"]);
});

test("what is shown keeps its place when it no longer belongs there, until it is gone altogether", () => {
  expect(ids({ belongs: ({ session_id }) => session_id !== "b" })).toEqual(["new", "b", "a"]);
  expect(ids({ sessions: sessions.slice(2), isHeld: true })).toEqual(["a"]);
});
