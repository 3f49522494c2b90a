import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { silentLogger } from "../../../src/core/log.ts";
import { systemPrincipal } from "../../../src/core/principal.ts";
import { Secret } from "../../../src/core/secret.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { type Database, openDatabase } from "../../../src/db/open.ts";
import { startReaper } from "../../../src/sessions/reaper.ts";
import { createSessionStore, type SessionStore } from "../../../src/sessions/session-store.ts";

const actor = { principal: systemPrincipal("test") };
const limits = { pendingTimeoutSeconds: 300, bannerTimeoutSeconds: 900, historyDays: 90 };
const day = 86_400_000;

let database: Database;
let store: SessionStore;
let nowMs = 0;
let steadyMs = 0;
beforeEach(async () => {
  database = openDatabase(new Secret(":memory:"));
  await migrate(database);
  store = createSessionStore(database);
  nowMs = 0;
  steadyMs = 0;
});
afterEach(() => database.close());

const insert = (id: string, bannerText: string | null = null, ownerId = "p") =>
  store.insertPending(
    {
      id,
      protocol: "ssh",
      hostname: "10.0.0.1",
      port: 22,
      username: null,
      hops: [],
      settings: {},
      width: null,
      height: null,
      dpi: null,
      bannerText,
      owner: { kind: "user", id: ownerId },
      createdBy: "a@example.com",
      nodeId: "node",
      warnings: [],
      createdAtMs: nowMs,
    },
    null,
    { total: 10, perOwner: 10 },
    actor,
  );

const stopped: (() => void)[] = [];
afterEach(() => {
  for (const stop of stopped.splice(0)) stop();
  vi.useRealTimers();
});

/** A reaper that looks when it is told to; gives what turns both clocks to `seconds` and lets it look once, to the end. */
const reap = (running: readonly string[] = [], end: SessionStore["end"] = store.end) => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  let swept = Promise.withResolvers<void>();
  const reaper = startReaper({
    store: {
      ...store,
      deleteEndedBefore: async (timeMs) => {
        const ids = await store.deleteEndedBefore(timeMs);
        swept.resolve();
        return ids;
      },
    },
    directory: {
      attach: () => undefined,
      attachmentCount: () => 0,
      isRunning: (id) => running.includes(id),
      writeEnds: async () => undefined,
      end: async (id, how, by) => void (await end(id, how, by, nowMs)),
      endAllOf: async (owner, how, by) => {
        for (const { id } of await store.listLiveOf(owner)) await end(id, how, by, nowMs);
      },
    },
    standing: async ({ id }) => (id.startsWith("lost") ? "Its owner was disabled." : null),
    nodeId: "node",
    limits: () => limits,
    clock: { nowMs: () => nowMs },
    steadyClock: { nowMs: () => steadyMs },
    log: silentLogger,
  });
  stopped.push(() => reaper.stop());
  return async (seconds: number) => {
    nowMs += seconds * 1000 - steadyMs;
    steadyMs = seconds * 1000;
    swept = Promise.withResolvers();
    vi.advanceTimersToNextTimer();
    await swept.promise;
    await new Promise(setImmediate);
  };
};

test("a pending session expires after its time, one with a banner after the longer one", async () => {
  await insert("plain");
  await insert("banner", "Read me");
  const sweepAt = reap();
  await sweepAt(5);
  await sweepAt(299);
  expect((await store.find("plain"))?.status).toBe("pending");
  await sweepAt(300.001);
  expect(await store.find("plain")).toMatchObject({ status: "ended", endReason: "expired", endedAtMs: 300_001 });
  expect((await store.find("banner"))?.status).toBe("pending");
  await sweepAt(901);
  expect(await store.find("banner")).toMatchObject({ endReason: "expired" });
});

test("sessions whose owner has lost access end as revoked, running ones too, and nobody else's", async () => {
  await insert("kept");
  await insert("pending", null, "lost");
  await insert("running", null, "lost");
  await store.activate("running", [], actor, 0);
  await reap(["running"])(1);
  for (const id of ["pending", "running"])
    expect(await store.find(id)).toMatchObject({ endReason: "revoked", endDetail: "Its owner was disabled." });
  expect((await store.find("kept"))?.status).toBe("pending");
});

test.each([-day, day])(
  "a clock that is set by %i ms makes no pending session expire earlier or later",
  async (step) => {
    await insert("before");
    const sweepAt = reap();
    await sweepAt(5);
    nowMs += step;
    await insert("after");
    await sweepAt(10);
    await sweepAt(299);
    expect((await store.find("before"))?.status).toBe("pending");
    await sweepAt(301);
    expect((await store.find("before"))?.status).toBe("ended");
    expect((await store.find("after"))?.status).toBe("pending");
    await sweepAt(310);
    expect((await store.find("after"))?.status).toBe("ended");
  },
);

test("a session that cannot be ended keeps no other from it", async () => {
  for (const id of ["a", "b", "c"]) await insert(id, null, `lost-${id}`);
  const sweepAt = reap([], async (id, ...others) => {
    if (id === "b") throw new Error("The disk is full.");
    return store.end(id, ...others);
  });
  await sweepAt(1);
  const statuses = await Promise.all(["a", "b", "c"].map(async (id) => (await store.find(id))?.status));
  expect(statuses).toEqual(["ended", "pending", "ended"]);
});

test("one whose browser is just connecting is left alone", async () => {
  await insert("opening");
  const sweepAt = reap(["opening"]);
  await sweepAt(5);
  await sweepAt(1000);
  expect((await store.find("opening"))?.status).toBe("pending");
});

test("ended sessions are forgotten after the days of history", async () => {
  await insert("old");
  await store.end("old", { reason: "closed", detail: null }, actor, 0);
  const sweepAt = reap();
  await sweepAt((90 * day) / 1000);
  expect(await store.find("old")).toBeDefined();
  await sweepAt((90 * day) / 1000 + 1);
  expect(await store.find("old")).toBeUndefined();
});
