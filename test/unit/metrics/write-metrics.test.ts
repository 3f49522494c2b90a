import { expect, test } from "vitest";
import { Counter } from "../../../src/metrics/counter.ts";
import { Histogram } from "../../../src/metrics/histogram.ts";
import { reading } from "../../../src/metrics/reading.ts";
import { writeMetrics } from "../../../src/metrics/write-metrics.ts";
import { parseMetrics, seriesValue } from "../../support/parse-metrics.ts";

test("a counter is written with every series that is known from the start, and those that came later", async () => {
  const ends = new Counter<{ reason: string }>({
    name: "ends_total",
    help: "Ends.",
    known: [{ reason: "closed" }, { reason: "idle" }],
  });
  ends.of({ reason: "closed" }).add();
  ends.of({ reason: "closed" }).add(2);
  ends.of({ reason: "error" }).add();
  expect(await writeMetrics([ends])).toBe(
    [
      "# HELP ends_total Ends.",
      "# TYPE ends_total counter",
      'ends_total{reason="closed"} 3',
      'ends_total{reason="idle"} 0',
      'ends_total{reason="error"} 1',
      "",
    ].join("\n"),
  );
});

test("a histogram counts a value in its own bucket and all larger ones, also on a bound and beyond the last", async () => {
  const dial = new Histogram<{ protocol: string }>({
    name: "dial_seconds",
    help: "Dials.",
    bounds: [0.1, 1],
    known: [{ protocol: "ssh" }],
  });
  for (const seconds of [0.05, 0.1, 0.5, 7]) dial.observe({ protocol: "ssh" }, seconds);
  expect(await writeMetrics([dial])).toBe(
    [
      "# HELP dial_seconds Dials.",
      "# TYPE dial_seconds histogram",
      'dial_seconds_bucket{protocol="ssh",le="0.1"} 2',
      'dial_seconds_bucket{protocol="ssh",le="1"} 3',
      'dial_seconds_bucket{protocol="ssh",le="+Inf"} 4',
      'dial_seconds_sum{protocol="ssh"} 7.65',
      'dial_seconds_count{protocol="ssh"} 4',
      "",
    ].join("\n"),
  );
});

test("backslashes, quotes and line breaks come back as they were from labels and from the help text", async () => {
  const odd = 'a\\b"c\nd\\n';
  const text = await writeMetrics([
    reading("gauge", "odd", odd, () => [{ labels: { first: odd, second: "plain" }, value: 1 }]),
  ]);
  expect(text.split("\n")).toHaveLength(4);
  const [family] = parseMetrics(text);
  expect(family?.help).toBe(odd);
  expect(family?.samples).toEqual([{ name: "odd", labels: { first: odd, second: "plain" }, value: 1 }]);
});

test.each([
  [0, "0"],
  [1e21, "1e+21"],
  [Number.POSITIVE_INFINITY, "+Inf"],
  [Number.NEGATIVE_INFINITY, "-Inf"],
  [Number.NaN, "NaN"],
])("the number %s is written as %s", async (value, written) => {
  expect(await writeMetrics([reading("gauge", "some", "Some.", () => value)])).toContain(`\nsome ${written}\n`);
});

test("what cannot be told now is left out whole, and the rest stands", async () => {
  const text = await writeMetrics([
    reading("gauge", "gone", "Gone.", () => null),
    reading("gauge", "there", "There.", async () => 2),
  ]);
  expect(text).not.toContain("gone");
  expect(seriesValue(parseMetrics(text), "there")).toBe(2);
});
