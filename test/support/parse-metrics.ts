/** A family of Prometheus' text format: what its comments say, and its numbers. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: { readonly name: string; readonly labels: Record<string, string>; readonly value: number }[];
}

const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));

const readValue = (text: string): number => {
  const value = Number(text.replace(/^([+-])Inf$/, "$1Infinity"));
  if (Number.isNaN(value) && text !== "NaN") throw new Error(`no number: ${text}`);
  return value;
};

const readLabels = (text: string): Record<string, string> => {
  const labels: Record<string, string> = {};
  const left = text.replace(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(,(?=[a-zA-Z_])|$)/g, (_, name, value) => {
    if (name in labels) throw new Error(`label twice: ${name}`);
    labels[name] = unescaped(value);
    return "";
  });
  if (left !== "") throw new Error(`no labels: ${left}`);
  return labels;
};

/**
 * Reads version 0.0.4 of the format (prometheus.io, "Exposition formats"), and throws where a line breaks its rules: each
 * family in one piece with its HELP and TYPE before it, no series twice, buckets that grow up to the count.
 */
export const parseMetrics = (text: string): MetricFamily[] => {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const families: MetricFamily[] = [];
  const seen = new Set<string>();
  let help: string[] = [];
  for (const line of text.slice(0, -1).split("\n")) {
    const [, helpName, helpText = ""] = /^# HELP (\S+) (.+)$/.exec(line) ?? [];
    const [, typeName, type = ""] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? [];
    const [, name, , labelText = "", value = ""] = /^([a-zA-Z_:][\w:]*)(\{(.*)\})? (\S+)$/.exec(line) ?? [];
    const family = families.at(-1);
    if (helpName) help = [helpName, unescaped(helpText)];
    else if (typeName) {
      if (help[0] !== typeName || families.some((other) => other.name === typeName)) throw new Error(line);
      families.push({ name: typeName, help: help[1] ?? "", type, samples: [] });
    } else if (name && family) {
      const suffixes = family.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
      if (!suffixes.some((suffix) => name === family.name + suffix)) throw new Error(`not of ${family.name}: ${line}`);
      const series = line.slice(0, line.lastIndexOf(" "));
      if (seen.has(series)) throw new Error(`twice: ${series}`);
      seen.add(series);
      family.samples.push({ name, labels: readLabels(labelText), value: readValue(value) });
    } else throw new Error(`unreadable: ${line}`);
  }
  for (const family of families) if (family.type === "histogram") checkBuckets(family);
  return families;
};

const checkBuckets = ({ name, samples }: MetricFamily): void => {
  const keyOf = ({ le: _, ...labels }: Record<string, string>): string => JSON.stringify(labels);
  for (const count of samples.filter((sample) => sample.name === `${name}_count`)) {
    const buckets = samples.filter(
      (sample) => sample.name === `${name}_bucket` && keyOf(sample.labels) === keyOf(count.labels),
    );
    const bounds = buckets.map(({ labels }) => readValue(labels.le ?? ""));
    const isGrowing = (numbers: number[]) =>
      numbers.every((number, at) => at === 0 || number >= (numbers[at - 1] ?? 0));
    if (!isGrowing(bounds) || !isGrowing(buckets.map(({ value }) => value))) throw new Error(`${name}: buckets`);
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY || buckets.at(-1)?.value !== count.value)
      throw new Error(`${name}: the last bucket is not the count`);
  }
};

/** The number of one series; throws when there is none. */
export const seriesValue = (
  families: readonly MetricFamily[],
  name: string,
  labels: Record<string, string> = {},
): number => {
  const found = families
    .flatMap(({ samples }) => samples)
    .find(
      (sample) =>
        sample.name === name &&
        Object.keys(sample.labels).length === Object.keys(labels).length &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
  if (!found) throw new Error(`no ${name} with ${JSON.stringify(labels)}`);
  return found.value;
};
