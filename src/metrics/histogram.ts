import type { Labels, Metric, Sample } from "./metric.ts";

/** How often values were at most as large as each bound, one row of bounds for each combination of labels. */
export class Histogram<L extends Labels> implements Metric {
  readonly type = "histogram";
  readonly name: string;
  readonly help: string;
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, { labels: L; counts: number[]; sum: number }>();

  /** `bounds` grow; a last one without an end is there anyway. */
  constructor(options: { name: string; help: string; bounds: readonly number[]; known: readonly L[] }) {
    this.name = options.name;
    this.help = options.help;
    this.#bounds = options.bounds;
    for (const labels of options.known) this.#of(labels);
  }

  observe(labels: L, value: number): void {
    const series = this.#of(labels);
    const at = this.#bounds.findIndex((bound) => value <= bound);
    const bucket = at === -1 ? this.#bounds.length : at;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += value;
  }

  samples(): Sample[] {
    return [...this.#series.values()].flatMap(({ labels, counts, sum }) => {
      let total = 0;
      const buckets = counts.map((count, index): Sample => {
        total += count;
        return { suffix: "_bucket", labels: { ...labels, le: boundText(this.#bounds[index]) }, value: total };
      });
      return [...buckets, { suffix: "_sum", labels, value: sum }, { suffix: "_count", labels, value: total }];
    });
  }

  #of(labels: L) {
    const key = Object.values(labels).join("\0");
    const series = this.#series.get(key) ?? { labels, counts: Array<number>(this.#bounds.length + 1).fill(0), sum: 0 };
    this.#series.set(key, series);
    return series;
  }
}

const boundText = (bound: number | undefined): string => (bound === undefined ? "+Inf" : String(bound));
