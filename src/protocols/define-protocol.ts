import { z } from "zod";
import type { PreparedEndpoint } from "../core/endpoint.ts";
import type { GuacdPlan, SessionProtocol } from "./protocol.ts";

interface Definition<Shape extends z.ZodRawShape> {
  readonly id: string;
  readonly label: string;
  readonly defaultPort: number;
  readonly keysAsUtf16: boolean;
  readonly settings: z.ZodObject<Shape, z.core.$strict>;
  readonly credentialFields: readonly string[];
  readonly signInNames: readonly string[];
  dialsItself?: (settings: z.output<z.ZodObject<Shape, z.core.$strict>>) => string | null;
  plan(endpoint: PreparedEndpoint, settings: z.output<z.ZodObject<Shape, z.core.$strict>>): GuacdPlan;
  prepare?: (
    session: Parameters<NonNullable<SessionProtocol["prepare"]>>[0],
    settings: z.output<z.ZodObject<Shape, z.core.$strict>>,
  ) => Promise<PreparedEndpoint>;
}

/** Makes a session protocol of one schema: what it parses is what `plan` and `prepare` get, typed. */
export const defineProtocol = <Shape extends z.ZodRawShape>(definition: Definition<Shape>): SessionProtocol => {
  const { settings: schema, prepare, plan, dialsItself, ...names } = definition;
  const parse = (input: unknown) => {
    const result = schema.safeParse(withoutEmpty(input));
    if (result.success) return result.data;
    throw new z.ZodError(result.error.issues.flatMap(namingFields));
  };
  return {
    ...names,
    settingsSchema: z.toJSONSchema(schema, { io: "input" }),
    adminFields: Object.entries(schema.shape).flatMap(([name, field]) => (isForAdmins(field) ? [name] : [])),
    dialsItself: (input) => dialsItself?.(parse(input)) ?? null,
    parseSettings: parse,
    plan: (endpoint, input) => plan(endpoint, parse(input)),
    ...(prepare ? { prepare: (session) => prepare(session, parse(session.settings)) } : {}),
  };
};

const isForAdmins = (field: z.core.$ZodType): boolean => z.globalRegistry.get(field)?.adminOnly === true;

/** Forms and templates send every field: null and "" mean absent. */
const withoutEmpty = (input: unknown): unknown =>
  typeof input === "object" && input !== null && !Array.isArray(input)
    ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== ""))
    : input;

/** zod tells of unknown fields at their parent; here each has its own path, like every other issue. */
const namingFields = (issue: z.core.$ZodIssue): z.core.$ZodIssue[] =>
  issue.code === "unrecognized_keys"
    ? issue.keys.map((key) => ({
        code: "custom",
        path: [...issue.path, key],
        message: "unknown field",
        input: undefined,
      }))
    : [issue];
