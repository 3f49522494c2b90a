import type { FormField } from "./form-fields.ts";

/** What people see for values that only programs know. */
const valueWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  color_scheme: {
    "gray-black": "Grey on black",
    "white-black": "White on black",
    "green-black": "Green on black",
    "black-white": "Black on white",
  },
  color_depth: { "8": "8 bits", "16": "16 bits", "24": "24 bits", "32": "32 bits" },
  cursor: { local: "Drawn by the browser", remote: "In the picture" },
  security: { any: "Any", nla: "NLA", "nla-ext": "Extended NLA", tls: "TLS", rdp: "RDP", vmconnect: "Hyper-V" },
  auth_pkg: { kerberos: "Kerberos", ntlm: "NTLM" },
};

export const wordsOfValue = (field: FormField, value: string): string => valueWords[field.name]?.[value] ?? value;

/** Fields whose every example has words are picked from a list instead of typed. */
export const hasWordedExamples = (field: FormField): boolean =>
  field.examples.length > 0 && field.examples.every((value) => valueWords[field.name]?.[value] !== undefined);

/** What is changed in a section, in one line; null when nothing is. */
export const changesOf = (
  fields: readonly FormField[],
  options: Readonly<Record<string, string | boolean>>,
): string | null => {
  const changes = fields.flatMap((field) => {
    const value = options[field.name];
    if (value === undefined || value === "" || value === false) return [];
    if (value === true) return [field.title];
    return [`${field.title}: ${field.kind === "secret" ? "typed" : wordsOfValue(field, value.trim())}`];
  });
  return changes.length === 0 ? null : `${changes.join(", ")}.`;
};
