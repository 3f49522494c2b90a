import type { Registry } from "../../http/registry.ts";
import { apiDocsRoute } from "./schema.ts";

/** Serves the OpenAPI document of all mounted routes; each operation tells its permission as `x-permission`. */
export const mountApiDocs = (registry: Registry, { title }: { title: () => string }): void => {
  registry.add(apiDocsRoute, () => {
    const document = registry.document({ title: title(), version: "1" });
    return { status: 200, body: { openapi: "3.1.0", ...document } };
  });
};
