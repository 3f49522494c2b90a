import { z } from "@hono/zod-openapi";
import { invalidField } from "../core/errors.ts";

/** Parses `input` or throws `invalid_request` that names the first offending field by its path. */
export const validate = <S extends z.ZodType>(schema: S, input: unknown): z.output<S> =>
  zodFaults(() => schema.parse(input));

/** Templates send every field: such a value says nothing, in a field that a schema does not know. */
export const isEmpty = (value: unknown): boolean =>
  value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0);

/** A JSON body without what counts as absent: every null, and empty values of fields that `schema` does not know. */
export const withoutAbsent = (schema: z.ZodType, body: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return Object.fromEntries(
    Object.entries(body).filter(([name, value]) => value !== null && (known.includes(name) || !isEmpty(value))),
  );
};

/** Runs something that parses with zod; its ZodError becomes `invalid_request` that names the first offending field. */
export const zodFaults = <T>(parse: () => T): T => {
  try {
    return parse();
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
    throw issue ? issueError(issue) : error;
  }
};

/** The 400 of one zod issue: `jump_hosts[1].port: must be 1 to 65535`. */
const issueError = (issue: z.core.$ZodIssue) => {
  if (issue.code === "unrecognized_keys")
    return invalidField(pathOf([...issue.path, issue.keys[0] ?? ""]), "is not a known field");
  return invalidField(pathOf(issue.path) || "body", describe(issue));
};

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");

/** A schema's own words, else ours for zod's. Issues do not carry the input, which may be secret. */
const describe = (issue: z.core.$ZodIssue): string => {
  if (issue.code === "invalid_type" && issue.message.startsWith("Invalid input"))
    return issue.message.endsWith("received undefined") ? "is required" : `must be ${withArticle(issue.expected)}`;
  if (issue.code === "invalid_value") return `must be one of ${issue.values.join(", ")}`;
  return issue.message;
};

const withArticle = (type: string): string =>
  type === "int" ? "a whole number" : `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
