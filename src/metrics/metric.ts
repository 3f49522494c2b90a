export type Labels = Readonly<Record<string, string>>;

/** One number of a metric. A histogram has several kinds of them, told apart by what follows the name. */
export interface Sample {
  readonly suffix?: "_bucket" | "_sum" | "_count";
  readonly labels: Labels;
  readonly value: number;
}

/** What is measured, as Prometheus names it. No label may name a person or a host, nor take values without an end. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  samples(): readonly Sample[] | Promise<readonly Sample[]>;
}
