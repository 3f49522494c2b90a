import { type MetricFamily, parseMetrics, seriesValue } from "./parse-metrics.ts";
import { freePort } from "./ssh-host.ts";

/** What asks a gateway's ops listener. `environment` makes a gateway have one. */
export interface OpsClient {
  readonly environment: Readonly<Record<string, string>>;
  readonly url: string;
  metrics(): Promise<MetricFamily[]>;
  value(name: string, labels?: Record<string, string>): Promise<number>;
}

export const opsClient = async (): Promise<OpsClient> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const metrics = async () => parseMetrics(await (await fetch(`${url}/metrics`)).text());
  return {
    environment: { SALLYPORT_OPS_PORT: String(port) },
    url,
    metrics,
    value: async (name, labels) => seriesValue(await metrics(), name, labels),
  };
};
