import type { Fault } from "../../src/core/faults.ts";

export interface FoundFault {
  readonly cause: Fault;
  readonly message: string;
  readonly fix: readonly string[];
}

/** An event of `POST /api/sessions/diagnose`: its name and data. */
export type TestEvent = readonly [name: "begin" | "step" | "result", data: object];

/**
 * For `addInitScript`: answers `POST /api/sessions/diagnose` inside the page with these events, on a stream that stays open.
 * In the page, `pushTest(name, data)` sends one more, `cutTest()` breaks the stream, and `tests` holds each request's
 * headers and body and whether the page gave it up.
 */
export const fakeDiagnose = (events: readonly TestEvent[]): string => `(() => {
  const real = fetch;
  globalThis.tests = [];
  globalThis.fetch = (input, init) => {
    if (String(input) !== "/api/sessions/diagnose") return real(input, init);
    const asked = { headers: init.headers, body: JSON.parse(init.body), isGivenUp: false };
    tests.push(asked);
    const body = new ReadableStream({
      start(controller) {
        const encoder = new TextEncoder();
        globalThis.pushTest = (name, data) =>
          controller.enqueue(encoder.encode("event: " + name + "\\ndata: " + JSON.stringify(data) + "\\n\\n"));
        globalThis.cutTest = () => controller.error(new TypeError("network error"));
        for (const [name, data] of ${JSON.stringify(events)}) pushTest(name, data);
        init.signal.addEventListener("abort", () => {
          asked.isGivenUp = true;
          controller.error(init.signal.reason);
        });
      },
    });
    return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
  };
})();`;

export const begins = (step: string, subject: string, limitMs = 10_000): TestEvent => [
  "begin",
  { step, subject, limit_ms: limitMs },
];
export const succeeds = (step: string, subject: string, ms: number, message: string | null = null): TestEvent => [
  "step",
  { step, subject, ok: true, ms, cause: null, message, fix: [] },
];
export const fails = (step: string, subject: string, ms: number, why: FoundFault): TestEvent => [
  "step",
  { step, subject, ok: false, ms, ...why },
];
export const warns = (step: string, subject: string, ms: number, of: FoundFault): TestEvent => [
  "step",
  { step, subject, ok: true, ms, ...of },
];
export const ends = (ok: boolean): TestEvent => ["result", { ok, steps: [] }];
