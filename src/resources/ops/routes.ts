import type { Registry } from "../../http/registry.ts";
import { checkParts, type Parts } from "./check-parts.ts";
import { livezRoute, metricsRoute, type ReadyView, readyzRoute } from "./schema.ts";

export interface OpsDeps {
  readonly parts: Parts;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

export const mountOps = (registry: Registry, { parts, metrics }: OpsDeps): void => {
  registry.add(livezRoute, () => ({ status: 200, body: { status: "ok" as const } }));

  registry.add(readyzRoute, async () => {
    const missing = await checkParts(parts);
    const view: ReadyView = { status: missing.length === 0 ? "ready" : "not ready", missing };
    return Response.json(view, { status: missing.length === 0 ? 200 : 503, headers: { "Cache-Control": "no-store" } });
  });

  registry.add(metricsRoute, async () => {
    const { contentType, text } = await metrics();
    return new Response(text, { headers: { "Content-Type": contentType, "Cache-Control": "no-store" } });
  });
};
