import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import { silentLogger } from "../../../src/core/log.ts";
import type { Principal } from "../../../src/core/principal.ts";
import { EventStreams, SessionFeed } from "../../../src/resources/events/index.ts";
import { LocalBus } from "../../../src/sessions/bus.ts";
import type { Session } from "../../../src/sessions/session.ts";

// Slow readers, long silences and faults of the database, which no real client or server brings about when asked.

const caller: Principal = { kind: "api_key", id: "k", name: "key", role: "admin" };
let bus: LocalBus;
let rows: Map<string, Session>;
let reads: string[];
let streams: EventStreams;
let feed: SessionFeed;
const cut = vi.fn();
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  bus = new LocalBus();
  rows = new Map();
  reads = [];
  cut.mockReset();
  const store = {
    find: async (id: string) => {
      reads.push(id);
      if (id === "broken") throw new Error("the database is away");
      return rows.get(id);
    },
    listCurrent: async () => [...rows.values()],
  };
  feed = new SessionFeed({ bus, store, directory: { attachmentCount: () => 0 }, log: silentLogger });
  streams = new EventStreams({ feed, bus, log: silentLogger });
});
afterEach(async () => {
  await streams.close();
  vi.useRealTimers();
});

const change = (id: string, fields: Partial<Session> = {}) => {
  rows.set(id, { ...blank, id, ...fields });
  bus.publish({ kind: "session", sessionId: id });
};
/** When all that is published so far has been heard. */
const heard = () => feed.snapshot();
const open = (options: { lastEventId?: string; check?: () => Promise<Principal> } = {}) => {
  const { lastEventId, check = async () => caller } = options;
  const reader = streams.open({ principal: caller, check, lastEventId, cut }).body.getReader();
  const read = async () => {
    const { done, value } = await reader.read();
    return done ? null : new TextDecoder().decode(value);
  };
  return { reader, read };
};
const idsIn = (text: string | null) => [...(text ?? "").matchAll(/"session_id":"(\w+)"/g)].map(([, id]) => id);

test("a caller who does not read is told the last change of each session when it reads on, and each was read once", async () => {
  const { read } = open();
  expect(await read()).toBe("retry: 3000\n\n");
  expect(await read()).toMatch(/^event: snapshot\nid: \w+\.0\ndata: \[\]\n\n$/);
  change("a");
  change("b", { username: "first" });
  await heard();
  change("b", { username: "second" });
  change("b", { username: "third" });
  await heard();
  const text = await read();
  expect(idsIn(text)).toEqual(["a", "b"]);
  expect(text).toContain("third");
  expect(text).not.toMatch(/first|second/);
  expect(reads).toEqual(["a", "b", "b"]);
});

test("when changes of more than 1000 sessions wait it is cut, and nothing is kept for it", async () => {
  const { read } = open();
  await read();
  await read();
  for (let each = 0; each < 1000; each++) change(`s${each}`);
  await heard();
  expect(cut).not.toHaveBeenCalled();
  change("s0");
  await heard();
  expect(cut).not.toHaveBeenCalled();
  change("more");
  await heard();
  expect(cut).toHaveBeenCalledOnce();
  expect(await read()).toBeNull();
});

test("a comment comes every 15 seconds, also to others than those who were told something", async () => {
  const { read } = open();
  await read();
  await read();
  const next = read();
  vi.advanceTimersByTime(14_999);
  change("a");
  expect(idsIn(await next)).toEqual(["a"]);
  const after = read();
  vi.advanceTimersByTime(1);
  expect(await after).toBe(":\n\n");
});

test("no timer runs while nobody listens", async () => {
  expect(vi.getTimerCount()).toBe(0);
  const [one, two] = [open(), open()];
  expect(vi.getTimerCount()).toBe(1);
  await one.reader.cancel();
  expect(vi.getTimerCount()).toBe(1);
  await two.reader.cancel();
  expect(vi.getTimerCount()).toBe(0);
});

test("a stream ends without another word as soon as its caller is refused", async () => {
  const check = vi.fn(async () => caller);
  const { read } = open({ check });
  await read();
  await read();
  change("a");
  await heard();
  check.mockRejectedValue(new AppError("unauthenticated", "No."));
  bus.publish({ kind: "access" });
  await vi.waitFor(() => expect(check).toHaveBeenCalled());
  expect(await read()).toBeNull();
});

test("what happens while a snapshot is read is either in it or comes behind it", async () => {
  const { read } = open();
  await read();
  change("before");
  const snapshot = read();
  change("after");
  expect(idsIn(await snapshot)).toEqual(["before", "after"]);
  change("later");
  expect(idsIn(await read())).toEqual(["later"]);
});

test("a session that could not be read costs a new snapshot, also those who come back", async () => {
  const { read } = open();
  await read();
  const [, id = ""] = /^id: (.*)$/m.exec((await read()) ?? "") ?? [];
  change("a");
  bus.publish({ kind: "session", sessionId: "broken" });
  change("b");
  await heard();
  expect(await read()).toMatch(/^event: snapshot\n/);
  const back = open({ lastEventId: id });
  await back.read();
  expect(await back.read()).toMatch(/^event: snapshot\n/);
});

test("one comes back without a snapshot until more than 1000 sessions have changed", async () => {
  const first = open();
  await first.read();
  const [, id = ""] = /^id: (.*)$/m.exec((await first.read()) ?? "") ?? [];
  await first.reader.cancel();
  for (let each = 0; each < 1000; each++) change(`s${each}`);
  await heard();
  const inTime = open({ lastEventId: id });
  await inTime.read();
  expect(idsIn(await inTime.read())).toHaveLength(1000);
  await inTime.reader.cancel();
  change("more");
  await heard();
  const tooLate = open({ lastEventId: id });
  await tooLate.read();
  expect(await tooLate.read()).toMatch(/^event: snapshot\n/);
});

test("a session that is gone comes as removed", async () => {
  const { read } = open();
  await read();
  await read();
  bus.publish({ kind: "session", sessionId: "gone" });
  expect(await read()).toMatch(/^event: removed\nid: \w+\.1\ndata: {"session_id":"gone"}\n\n$/);
});

const blank: Session = {
  id: "",
  protocol: "ssh",
  status: "active",
  hostname: "10.0.0.1",
  port: 22,
  username: null,
  settings: {},
  width: null,
  height: null,
  dpi: null,
  bannerText: null,
  hops: [],
  owner: { kind: "user", id: "p" },
  createdBy: "a@example.com",
  nodeId: "node",
  warnings: [],
  createdAtMs: 0,
  startedAtMs: 0,
  endedAtMs: null,
  endReason: null,
  endDetail: null,
};
