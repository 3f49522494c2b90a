import type { Registry } from "../../http/registry.ts";
import { healthRoute } from "./schema.ts";

export const mountHealth = (registry: Registry): void => {
  registry.add(healthRoute, () => ({ status: 200, body: { status: "ok" as const } }));
};
