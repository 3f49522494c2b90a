import fc from "fast-check";
import { z } from "zod";

/** JSON Schema as far as our OpenAPI document uses it. */
const schemaNode = z.object({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.number().optional(),
});
type SchemaNode = z.infer<typeof schemaNode>;

/** Words that get further than noise does. */
const words = ["127.0.0.1", "::1", "host.example", "ssh", "vnc", "rdp", "root", "true", "0", "2027-01-31T00:00:00Z"];
const text = (maxLength = 40) => fc.string({ unit: "binary", maxLength: Math.min(maxLength + 1, 60) });

/**
 * Values that mostly are what a JSON Schema asks for, with a fault here and there: a property that is missing, of another
 * kind, or one that nobody knows. `definitions` are what `$ref` names, by its last word.
 */
export const arbitraryOfSchema = (
  schema: unknown,
  definitions: Readonly<Record<string, unknown>>,
): fc.Arbitrary<unknown> => {
  const node = schemaNode.parse(schema ?? {});
  const inner = (part: unknown) => arbitraryOfSchema(part, definitions);
  if (node.$ref) return inner(definitions[node.$ref.split("/").at(-1) ?? ""]);
  if (node.anyOf) return fc.oneof(...node.anyOf.map(inner));
  if (node.enum) return fc.constantFrom(...node.enum);
  const types = [node.type ?? []].flat();
  return types.length === 0 ? fc.jsonValue() : fc.oneof(...types.map((type) => arbitraryOfType(type, node, inner)));
};

const arbitraryOfType = (
  type: string,
  node: SchemaNode,
  inner: (part: unknown) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> => {
  switch (type) {
    case "object":
      return objectOf(node, inner);
    case "array":
      return fc.array(inner(node.items), { maxLength: 4 });
    case "integer":
    case "number":
      return fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: node.minimum ?? 1, max: node.maximum ?? 1000 }) },
        { weight: 1, arbitrary: fc.constantFrom(0, -1, 1.5, 1e21, -(2 ** 63), node.minimum ?? 1, node.maximum ?? 1) },
      );
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return node.format === "uuid" ? fc.uuid() : fc.oneof(fc.constantFrom(...words), text(node.maxLength));
  }
};

const objectOf = (
  { properties = {}, required = [] }: SchemaNode,
  inner: (part: unknown) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> => {
  const faulty = (part: unknown) =>
    fc.oneof({ weight: 9, arbitrary: inner(part) }, { weight: 1, arbitrary: fc.jsonValue() });
  const known = fc.record(Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, faulty(part)])), {
    requiredKeys: [],
  });
  // Of many optional properties few are given, or one fault would hide all others.
  const some = known.chain((values) => {
    const names = Object.keys(values);
    const few = fc.subarray(names, { maxLength: Math.min(names.length, 6) });
    return few.map((given) => Object.fromEntries([...given, ...required].map((name) => [name, values[name]])));
  });
  const unknown = fc.oneof(
    { weight: 5, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(text(10), fc.jsonValue(), { maxKeys: 2 }) },
  );
  return fc.tuple(some, unknown).map(([values, others]) => ({ ...values, ...others }));
};
