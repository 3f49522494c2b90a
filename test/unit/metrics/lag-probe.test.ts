import { once } from "node:events";
import { expect, test } from "vitest";
import { startLagProbe } from "../../../src/metrics/lag-probe.ts";

test("an event loop that is held up is told to be late by as long", async () => {
  const events = new EventTarget();
  const lags: number[] = [];
  const probe = startLagProbe((seconds) => {
    lags.push(seconds);
    events.dispatchEvent(new Event("lag"));
  });
  await once(events, "lag");
  for (const untilMs = performance.now() + 250; performance.now() < untilMs; );
  const before = lags.length;
  await once(events, "lag");
  probe.stop();
  expect(lags[before]).toBeGreaterThan(0.19);
});
