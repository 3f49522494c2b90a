import { expect, test } from "vitest";
import { afterEvent, type LiveEvent, type LiveState, nothingYet } from "../../../src/web/portal/live/live-state.ts";
import { pendingSession } from "../../support/session-scenarios.ts";

const session = (id: string, minute: number, over = {}) => ({
  ...pendingSession,
  session_id: id,
  created_at: `2026-01-01T10:${String(minute).padStart(2, "0")}:00.000Z`,
  ...over,
});
const after = (...events: LiveEvent[]): LiveState => events.reduce(afterEvent, nothingYet);
const idsOf = (state: LiveState) => state.sessions?.map(({ session_id }) => session_id);
const snapshot = (...sessions: ReturnType<typeof session>[]): LiveEvent => ({
  kind: "snapshot",
  sessions,
  skewMs: 5,
  atMs: 1000,
});

test("a snapshot replaces what was known, newest first", () => {
  const state = after(snapshot(session("old", 1)), snapshot(session("a", 2), session("b", 3)));
  expect(idsOf(state)).toEqual(["b", "a"]);
  expect(state).toMatchObject({ skewMs: 5, heardAtMs: 1000, problem: null });
});

test("a session is changed in its place, added where it belongs, and removed; the others stay the same objects", () => {
  const before = after(snapshot(session("a", 1), session("b", 2), session("c", 4)));
  const changed = afterEvent(before, { kind: "session", session: session("b", 2, { status: "active" }), atMs: 2000 });
  expect(idsOf(changed)).toEqual(["c", "b", "a"]);
  expect(changed.sessions?.[0]).toBe(before.sessions?.[0]);
  const added = afterEvent(changed, { kind: "session", session: session("new", 3), atMs: 3000 });
  expect(idsOf(added)).toEqual(["c", "new", "b", "a"]);
  expect(idsOf(afterEvent(added, { kind: "removed", id: "b", atMs: 4000 }))).toEqual(["c", "new", "a"]);
});

test("since when nobody is attached is known where it was seen to begin, until somebody is back", () => {
  const running = session("a", 1, { status: "active", active_connections: 1 });
  const left = { ...running, active_connections: 0 };
  const unseen = after(snapshot(left));
  expect(unseen.awaySinceMs).toEqual({});
  const away = after(snapshot(running), { kind: "session", session: left, atMs: 2000 });
  expect(away.awaySinceMs).toEqual({ a: 2000 });
  expect(afterEvent(away, { kind: "session", session: left, atMs: 3000 }).awaySinceMs).toEqual({ a: 2000 });
  expect(afterEvent(away, { kind: "session", session: running, atMs: 3000 }).awaySinceMs).toEqual({});
});

test("a lost connection keeps the list and its age, and the next sign of life ends it", () => {
  const problem = { status: 0, code: "no_answer", detail: "no connection" };
  const lost = after(snapshot(session("a", 1)), { kind: "lost", problem, retryAtMs: 9000 });
  expect(lost).toMatchObject({ problem, retryAtMs: 9000, heardAtMs: 1000 });
  expect(idsOf(lost)).toEqual(["a"]);
  expect(afterEvent(lost, { kind: "heard", atMs: 9500 })).toMatchObject({ problem: null, retryAtMs: null });
});
