import type { Labels, Metric, Sample } from "./metric.ts";

/** A metric that is looked up whenever it is asked for. `read` gives null when it cannot be told now. */
export const reading = <T extends "counter" | "gauge">(
  type: T,
  name: string,
  help: string,
  read: () => MaybePromise<number | null | readonly { labels: Labels; value: number }[]>,
): Metric => ({
  name,
  help,
  type,
  samples: async (): Promise<readonly Sample[]> => {
    const value = await read();
    if (value === null) return [];
    return typeof value === "number" ? [{ labels: {}, value }] : value;
  },
});

type MaybePromise<T> = T | Promise<T>;
