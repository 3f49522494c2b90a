import { afterEach, describe, expect, test, vi } from "vitest";
import { followTest, type TestEvent } from "../../../src/web/portal/connection-test/follow-test.ts";
import {
  afterEvent,
  mergedSteps,
  newProgress,
  scaleOf,
  untried,
} from "../../../src/web/portal/connection-test/test-progress.ts";
import { placeOf, type TestRoute } from "../../../src/web/portal/connection-test/test-route.ts";
import { testStations } from "../../../src/web/portal/connection-test/test-stations.ts";
import { stepTitle } from "../../../src/web/portal/connection-test/test-words.ts";

const routeThrough = (...hostnames: string[]): TestRoute => ({
  protocol: "ssh",
  name: "deploy@db-1",
  targetAddress: "db-1:22",
  hops: hostnames.map((hostname) => ({ hostname, port: "22" })),
});
const done = (step: string, subject: string, ms: number, ok = true): TestEvent => ({
  ...{ kind: "step", step, subject, ok, ms },
  ...{ cause: ok ? null : "silent", message: null, fix: [] },
});
const after = (...events: TestEvent[]) =>
  events.reduce((progress, event) => afterEvent(progress, event, 0), newProgress(0));

test("a step belongs to the station that its subject begins with", () => {
  expect(["Hop 2, db-gw", "Target, db-1", "Session host", "Gateway"].map(placeOf)).toEqual([
    2,
    "target",
    "host",
    "gateway",
  ]);
});

test("what is looked up before the way is tried reaches no station", () => {
  const route = routeThrough("bastion");
  const progress = after(done("policy", "Target, db-1", 1), done("name", "Hop 1, bastion", 2));
  expect(untried(progress, route)).toEqual([1, "target", "host"]);
  expect(testStations(progress, route).map(({ state }) => state)).toEqual(["ok", "ok", "waiting", "waiting"]);
});

test("a hop that does not pass on breaks the drawn way behind itself", () => {
  const route = routeThrough("bastion", "db-gw");
  const events = [done("sign_in", "Hop 1, bastion", 5), done("forward", "Hop 1, bastion", 2, false)];
  const stations = testStations(after(...events, { kind: "result", ok: false }), route);
  expect(stations[2]).toMatchObject({ state: "failed", breaksBehind: true });
  expect(stations[3]).toMatchObject({ state: "waiting", note: "not reached" });
});

test("times add up along the way, and hops that are passed are one step each on a way of more than three", () => {
  const names = ["a", "b", "c", "d"];
  const route = routeThrough(...names);
  const hops = names.flatMap((name, index) => [
    done("connect", `Hop ${index + 1}, ${name}`, 10),
    done("sign_in", `Hop ${index + 1}, ${name}`, 20),
  ]);
  const rows = mergedSteps(after(done("policy", "Target, db-1", 5), ...hops), route);
  expect(rows.map((row) => [stepTitle(row), row.offsetMs, row.ms])).toEqual([
    ["Allowed by policy", 0, 5],
    ["Hop 1", 5, 30],
    ["Hop 2", 35, 30],
    ["Hop 3", 65, 30],
    ["Hop 4 answers", 95, 10],
    ["Hop 4 sign-in", 105, 20],
  ]);
});

test("a step that this page does not know is told by its own word", () => {
  const [step] = after(done("clock_skew", "Hop 1, a", 1)).steps;
  expect(step && stepTitle(step)).toBe("Hop 1 clock skew");
});

test.each([
  [0, 100],
  [100, 100],
  [101, 200],
  [480, 500],
  [1234, 2000],
  [10_001, 20_000],
])("bars of %i ms are drawn on a scale of %i ms", (wholeMs, scaleMs) => {
  expect(scaleOf(wholeMs)).toBe(scaleMs);
});

describe("the stream", () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test("that falls silent is given up 15 s after the limit of the step that runs", async () => {
    vi.useFakeTimers();
    const begin = `event: begin\ndata: {"step":"connect","subject":"db-1","limit_ms":10000}\n\n`;
    vi.stubGlobal("fetch", async (_: string, { signal }: RequestInit) => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(begin));
          signal?.addEventListener("abort", () => controller.error(signal.reason));
        },
      });
      return new Response(body);
    });
    const events = followTest({}, new AbortController().signal);
    expect((await events.next()).value).toMatchObject({ kind: "begin", limitMs: 10_000 });
    const end = events.next().catch((error: unknown) => error);
    let isOver = false;
    void end.then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(24_900);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(await end).toMatchObject({ code: "no_answer" });
  });

  test("that ends without a result was lost", async () => {
    vi.stubGlobal("fetch", async () => new Response(": nothing\n\n"));
    await expect(followTest({}, new AbortController().signal).next()).rejects.toMatchObject({ code: "no_answer" });
  });
});
