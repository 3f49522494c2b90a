import type { Labels, Metric, Sample } from "./metric.ts";

/** One number of a counter; to hold on to where counting must cost an addition and nothing more. */
export interface Count {
  add(amount?: number): void;
}

/** Numbers that only grow, one for each combination of labels. */
export class Counter<L extends Labels> implements Metric {
  readonly type = "counter";
  readonly name: string;
  readonly help: string;
  readonly #series = new Map<string, { labels: L; value: number }>();

  /** `known` are there from the start, at 0, so that their first increase is seen as one. */
  constructor({ name, help, known }: { name: string; help: string; known: readonly L[] }) {
    this.name = name;
    this.help = help;
    for (const labels of known) this.of(labels);
  }

  of(labels: L): Count {
    const key = Object.values(labels).join("\0");
    const series = this.#series.get(key) ?? { labels, value: 0 };
    this.#series.set(key, series);
    return {
      add: (amount = 1) => {
        series.value += amount;
      },
    };
  }

  samples(): Sample[] {
    return [...this.#series.values()].map(({ labels, value }) => ({ labels, value }));
  }
}
