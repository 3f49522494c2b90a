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
beforeEach(async () => {
  database = openDatabase(new Secret(":memory:"));
  await migrate(database);
  store = createSessionStore(database);
  nowMs = 0;
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

/** Turns the clock to `seconds` and lets the reaper look once, until it has touched every row that it meant to. */
const sweepAt = async (seconds: number, running: string[] = []) => {
  nowMs = seconds * 1000;
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const swept = Promise.withResolvers<void>();
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
      end: async (id, end, by) => void (await store.end(id, end, by, nowMs)),
      endAllOf: async (owner, end, by) => {
        for (const { id } of await store.listLiveOf(owner)) await store.end(id, end, by, nowMs);
      },
    },
    standing: async ({ id }) => (id === "lost" ? "Its owner was disabled." : null),
    nodeId: "node",
    limits: () => limits,
    clock: { nowMs: () => nowMs },
    log: silentLogger,
  });
  vi.advanceTimersToNextTimer();
  vi.useRealTimers();
  await swept.promise;
  reaper.stop();
};

test("a pending session expires after its time, one with a banner after the longer one", async () => {
  await insert("plain");
  await insert("banner", "Read me");
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
  await sweepAt(1, ["running"]);
  for (const id of ["pending", "running"])
    expect(await store.find(id)).toMatchObject({ endReason: "revoked", endDetail: "Its owner was disabled." });
  expect((await store.find("kept"))?.status).toBe("pending");
});

test("one whose browser is just connecting is left alone", async () => {
  await insert("opening");
  await sweepAt(1000, ["opening"]);
  expect((await store.find("opening"))?.status).toBe("pending");
});

test("ended sessions are forgotten after the days of history", async () => {
  await insert("old");
  await store.end("old", { reason: "closed", detail: null }, actor, 0);
  await sweepAt((90 * day) / 1000);
  expect(await store.find("old")).toBeDefined();
  await sweepAt((90 * day) / 1000 + 1);
  expect(await store.find("old")).toBeUndefined();
});
