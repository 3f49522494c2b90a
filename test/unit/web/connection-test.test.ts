import { afterEach, describe, expect, test, vi } from "vitest";
import { followTest, type TestEvent } from "../../../src/web/portal/connection-test/follow-test.ts";
import {
  afterEvent,
  newProgress,
  scaleOf,
  untried,
  withHopsMerged,
} from "../../../src/web/portal/connection-test/test-progress.ts";
import { placeOf, type TestRoute } from "../../../src/web/portal/connection-test/test-route.ts";
import { testStations } from "../../../src/web/portal/connection-test/test-stations.ts";
import { finding, stepTitle } from "../../../src/web/portal/connection-test/test-words.ts";

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
const after = (route: TestRoute, ...events: TestEvent[]) =>
  events.reduce((progress, event) => afterEvent(progress, event, route, 0), newProgress(0));

test("a step belongs to the hop that its subject names, by number or by address, else to the target or session host", () => {
  const route = {
    ...routeThrough("bastion", "db-gw"),
    hops: [{ hostname: "::1", port: "2200" }, ...routeThrough("db-gw").hops],
  };
  expect(placeOf("sign_in", "Hop 2, db-gw", route)).toBe(2);
  expect(placeOf("connect", "[::1]:2200", route)).toBe(1);
  expect(placeOf("connect", "db-gw", route)).toBe(2);
  expect(placeOf("connect", "db-1:22", route)).toBe("target");
  expect(placeOf("guacd", "127.0.0.1:4822", route)).toBe("host");
});

test("what is looked up before the way is tried reaches no station", () => {
  const route = routeThrough("bastion");
  const progress = after(route, done("policy", "db-1", 1), done("name", "Hop 1, bastion", 2));
  expect(untried(progress, route)).toEqual([1, "target", "host"]);
  expect(testStations(progress, route).map(({ state }) => state)).toEqual(["ok", "ok", "waiting", "waiting"]);
});

test("a hop that does not pass on breaks the drawn way behind itself", () => {
  const route = routeThrough("bastion", "db-gw");
  const events = [done("sign_in", "Hop 1, bastion", 5), done("forward", "Hop 1, bastion", 2, false)];
  const stations = testStations(after(route, ...events, { kind: "result", ok: false }), route);
  expect(stations[2]).toMatchObject({ state: "failed", breaksBehind: true });
  expect(stations[3]).toMatchObject({ state: "waiting", note: "not reached" });
});

test("times add up along the way, and hops that are passed are one step each on a way of more than three", () => {
  const names = ["a", "b", "c", "d"];
  const route = routeThrough(...names);
  const events = names.flatMap((name, index) => [
    done("connect", `Hop ${index + 1}, ${name}`, 10),
    done("sign_in", `Hop ${index + 1}, ${name}`, 20),
  ]);
  const rows = withHopsMerged(after(route, ...events), route);
  expect(rows.map((row) => [stepTitle(row), row.offsetMs, row.ms])).toEqual([
    ["Hop 1", 0, 30],
    ["Hop 2", 30, 30],
    ["Hop 3", 60, 30],
    ["Hop 4 answers", 90, 10],
    ["Hop 4 sign-in", 100, 20],
  ]);
});

test("a step that this page does not know is told by its own word", () => {
  const [step] = after(routeThrough("a"), done("clock_skew", "Hop 1, a", 1)).steps;
  expect(step && [stepTitle(step), finding(step)]).toEqual(["Hop 1 clock skew", "Hop 1, a"]);
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
