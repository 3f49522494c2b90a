import type { ProtocolView } from "../../../resources/protocols/schema.ts";

/** One field of a protocol, as the form draws it. */
export interface FormField {
  readonly name: string;
  readonly title: string;
  /** What it is for, and what holds when it is left alone. */
  readonly description: string;
  readonly kind: "text" | "number" | "choice" | "flag" | "secret";
  readonly choices: readonly string[];
  /** Values to pick from, besides any other. */
  readonly examples: readonly string[];
  readonly min: number | null;
  readonly max: number | null;
}

/** Sign-in fields that the form draws by hand, because they go together. */
const ownSignInFields: readonly string[] = ["password", "private_key", "passphrase", "generate_keypair"];

/** The fields that a protocol has of its own, those for admins only for them. */
export const formFieldsOf = (protocol: ProtocolView, isAdmin: boolean): FormField[] => {
  const { properties } = protocol.settings_schema;
  const settings = Object.entries(isRecord(properties) ? properties : {}).map(([name, schema]) =>
    fieldOf(name, isRecord(schema) ? schema : {}),
  );
  const secrets = protocol.credential_fields
    .filter((name) => !ownSignInFields.includes(name))
    .map((name): FormField => ({ ...fieldOf(name, { title: wordsOf(name) }), kind: "secret" }));
  return [...settings, ...secrets].filter(({ name }) => isAdmin || !protocol.admin_fields.includes(name));
};

const fieldOf = (name: string, schema: Readonly<Record<string, unknown>>): FormField => ({
  name,
  title: textOf(schema.title) ?? wordsOf(name),
  description: textOf(schema.description) ?? "",
  kind: kindOf(schema),
  choices: listOf(schema.enum),
  examples: listOf(schema.examples),
  min: numberOf(schema.minimum),
  max: numberOf(schema.maximum),
});

const kindOf = (schema: Readonly<Record<string, unknown>>): FormField["kind"] => {
  if (Array.isArray(schema.enum)) return "choice";
  if (schema.type === "boolean") return "flag";
  return schema.type === "integer" || schema.type === "number" ? "number" : "text";
};

/** "gateway_password" → "Gateway password". */
const wordsOf = (name: string): string => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);
const numberOf = (value: unknown): number | null => (typeof value === "number" ? value : null);
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
