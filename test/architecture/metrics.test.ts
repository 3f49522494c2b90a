import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { guacdStates } from "../../src/guacd/guacd-source.ts";
import { createGatewayCounts } from "../../src/metrics/gateway-counts.ts";
import { gatewayReadings } from "../../src/metrics/gateway-readings.ts";
import { processReadings } from "../../src/metrics/process-readings.ts";
import { writeMetrics } from "../../src/metrics/write-metrics.ts";
import { protocols } from "../../src/protocols/index.ts";
import { parseMetrics } from "../support/parse-metrics.ts";

// What the board, the alerts and the page say of metrics is held to the metrics themselves.

const read = (path: string): string => readFileSync(join(import.meta.dirname, "../..", path), "utf8");

const families = parseMetrics(
  await writeMetrics([
    ...createGatewayCounts([...protocols.keys()]).metrics,
    ...gatewayReadings({
      version: "1.0.0",
      protocols: [...protocols.keys()],
      liveSessions: async () => [],
      isDatabaseUp: async () => true,
      isGuacdUp: async () => true,
      guacds: () => guacdStates.map((state) => ({ state, count: 0 })),
      startsWaiting: () => 0,
      socketCount: () => 0,
      heldBytes: () => [],
    }),
    ...processReadings(),
  ]),
);
const samples = families.flatMap((family) => family.samples);
/** What Prometheus itself adds. */
const scraped = { names: ["up"], labels: ["instance", "job"] };

const target = z.object({ expr: z.string() });
const board = z
  .object({ panels: z.array(z.object({ title: z.string(), type: z.string(), targets: z.array(target).default([]) })) })
  .parse(JSON.parse(read("docs/operations/grafana-board.json")));
const rule = z.object({ alert: z.string(), expr: z.string(), annotations: z.record(z.string(), z.string()) });
const alerts = z
  .object({ groups: z.array(z.object({ rules: z.array(rule) })) })
  .parse(parse(read("docs/operations/alerts.yaml")))
  .groups.flatMap(({ rules }) => rules);
const expressions = [
  ...board.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [`board, ${title}`, expr] as const)),
  ...alerts.map(({ alert, expr }) => [`alert ${alert}`, expr] as const),
];

/** Each metric that an expression names, with what it asks of its labels. */
const metricsIn = (expression: string) =>
  [...expression.matchAll(/\b((?:sallyport|process|nodejs)_\w+|up)(?:\{([^}]*)\})?/g)].map(
    ([, name = "", matchers]) => ({
      name,
      matchers: [...(matchers ?? "").matchAll(/(\w+)(=~?|!=|!~)"([^"]*)"/g)].map(([, label = "", , value = ""]) => ({
        label,
        value,
      })),
    }),
  );

test("there is something to look at: a board with panels for each part, and alerts", () => {
  expect(board.panels.filter(({ type }) => type !== "row").length).toBeGreaterThan(12);
  expect(alerts.length).toBeGreaterThan(8);
  for (const [where, expression] of expressions) expect(metricsIn(expression), where).not.toEqual([]);
});

test.each(expressions)("%s names only metrics, labels and values that exist", (_, expression) => {
  for (const { name, matchers } of metricsIn(expression)) {
    const series = samples.filter((sample) => sample.name === name);
    if (!scraped.names.includes(name)) expect(series.length, name).toBeGreaterThan(0);
    for (const { label, value } of matchers.filter((matcher) => !scraped.labels.includes(matcher.label))) {
      const known = new Set(series.map(({ labels }) => labels[label]));
      for (const each of value.split("|")) expect([...known], `${name} ${label}`).toContain(each);
    }
  }
  for (const [, list = ""] of expression.matchAll(/\bby \(([^)]*)\)/g))
    for (const label of list.split(/,\s*/)) {
      const named = metricsIn(expression).flatMap(({ name }) => samples.filter((sample) => sample.name === name));
      const known = new Set([...scraped.labels, ...named.flatMap(({ labels }) => Object.keys(labels))]);
      expect([...known], expression).toContain(label);
    }
});

test("histograms are asked by their buckets, and counters for their growth", () => {
  for (const [where, expression] of expressions)
    for (const { name } of metricsIn(expression)) {
      const isCounting = name.endsWith("_total") || name.endsWith("_bucket");
      const isGrowth = new RegExp(`(rate|increase)\\(${name}[^)]*\\[`).test(expression);
      expect([where, name, isGrowth]).toEqual([where, name, isCounting]);
    }
});

test("docs/operations.md lists every metric with its type and labels, and no other", () => {
  const rows = read("docs/operations.md")
    .split("\n")
    .map((line) => /^\| `((?:sallyport|process|nodejs)_\w+)` \| (\w+) \|([^|]*)\|/.exec(line))
    .filter((match) => match !== null)
    .map(([, name, type, labels = ""]) => [name, type, labels.replaceAll("`", "").trim()]);
  const expected = families.map(({ name, type, samples: [first] }) => {
    const labels = Object.keys(first?.labels ?? {}).filter((label) => label !== "le");
    return [name, type, labels.join(", ")];
  });
  expect(rows).toEqual(expected);
});
