import type { OpsClient } from "./ops-client.ts";
import { seriesValue } from "./parse-metrics.ts";

/** What one browser costs the gateway at most, as its own metrics tell. */
export interface HeldWatch {
  readonly samples: number;
  /** The most so far, of the browser with the most. */
  readonly mostBytes: { readonly down: number; readonly up: number };
  stop(): Promise<void>;
}

/** Looks every 50 ms. */
export const watchHeld = (ops: OpsClient): HeldWatch => {
  const most = { down: 0, up: 0 };
  let samples = 0;
  let running: Promise<void> | undefined;
  const look = async () => {
    const families = await ops.metrics();
    for (const direction of ["down", "up"] as const) {
      const bytes = seriesValue(families, "sallyport_attachment_held_bytes_max", { direction });
      most[direction] = Math.max(most[direction], bytes);
    }
    samples++;
  };
  const timer = setInterval(() => {
    running ??= look().finally(() => {
      running = undefined;
    });
  }, 50);
  return {
    get samples() {
      return samples;
    },
    mostBytes: most,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
};
