import { z } from "zod";
import { configSchema } from "./schema.ts";

/** One key of the configuration as the file spells it. */
export interface ConfigKey {
  /** `targets.ssh.allow` */
  readonly path: string;
  /** The environment variable that overrides it: `SALLYPORT_TARGETS_SSH_ALLOW`. */
  readonly variable: string;
  readonly type: "string" | "integer" | "array";
  readonly fallback: unknown;
  readonly meaning: string;
  /** Its value may hold a secret and is hidden where the configuration is shown. */
  readonly secret: boolean;
}

const described = z.object({
  type: z.enum(["string", "integer", "array"]),
  default: z.unknown(),
  description: z.string(),
  secret: z.boolean().default(false),
});
const tableNode = z.object({ properties: z.record(z.string(), z.unknown()) });

const keysOf = (node: unknown, path: string): ConfigKey[] => {
  const table = tableNode.safeParse(node);
  if (table.success)
    return Object.entries(table.data.properties).flatMap(([name, child]) =>
      keysOf(child, path === "" ? name : `${path}.${name}`),
    );
  const { type, default: fallback, description: meaning, secret } = described.parse(node);
  const variable = `SALLYPORT_${path.replaceAll(".", "_").toUpperCase()}`;
  return [{ path, variable, type, fallback, meaning, secret }];
};

/** Every key there is, in the order of the schema. */
export const configKeys: readonly ConfigKey[] = keysOf(z.toJSONSchema(configSchema, { io: "input" }), "");
