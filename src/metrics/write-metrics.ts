import type { Labels, Metric } from "./metric.ts";

export const metricsContentType = "text/plain; version=0.0.4; charset=utf-8";

/** Prometheus' text format, version 0.0.4. A metric that cannot be read now is left out. */
export const writeMetrics = async (metrics: readonly Metric[]): Promise<string> =>
  (await Promise.all(metrics.map(writeMetric))).join("");

const writeMetric = async (metric: Metric): Promise<string> => {
  const { name, help, type } = metric;
  const samples = await metric.samples();
  if (samples.length === 0) return "";
  const lines = samples.map(
    ({ suffix = "", labels, value }) => `${name}${suffix}${labelText(labels)} ${numberText(value)}\n`,
  );
  return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n${lines.join("")}`;
};

const labelText = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
};

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");

const numberText = (value: number): string =>
  value === Number.POSITIVE_INFINITY ? "+Inf" : value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
