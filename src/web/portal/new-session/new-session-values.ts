import type { ProtocolView } from "../../../resources/protocols/schema.ts";
import type { FormField } from "./form-fields.ts";
import { type HopValues, hopFaultsOf, hopRequestOf } from "./hop-values.ts";

/** What the form holds, under the API's own field names, so that refusals find their field. */
export interface NewSessionValues {
  session_type: string;
  hostname: string;
  port: string;
  username: string;
  signInWith: "password" | "private_key" | "key_pair" | "ask";
  password: string;
  private_key: string;
  passphrase: string;
  jump_hosts: HopValues[];
  /** The protocol's own fields; empty and false ones stay at home. */
  options: Record<string, string | boolean>;
}

export const noValues: NewSessionValues = {
  session_type: "ssh",
  hostname: "",
  port: "22",
  username: "",
  signInWith: "password",
  password: "",
  private_key: "",
  passphrase: "",
  jump_hosts: [],
  options: {},
};

const wholeNumber = /^\d{1,10}$/;

/** What can be told without asking the gateway, by the paths of the fields; the rest it answers at the field. */
export const faultsOf = (values: NewSessionValues, fields: readonly FormField[]): Record<string, string> => {
  const faults: Record<string, string> = {};
  const port = Number(values.port);
  if (values.hostname.trim() === "") faults.hostname = "Type the host to reach.";
  if (!wholeNumber.test(values.port.trim()) || port < 1 || port > 65535) faults.port = "1 to 65535.";
  if (values.signInWith === "private_key" && values.private_key.trim() === "")
    faults.private_key = "Paste the key or drop its file.";
  for (const [index, hop] of values.jump_hosts.entries())
    for (const [name, fault] of Object.entries(hopFaultsOf(hop))) faults[`jump_hosts.${index}.${name}`] = fault;
  for (const field of fields) {
    const text = String(values.options[field.name] ?? "").trim();
    if (field.kind !== "number" || text === "") continue;
    const { min, max } = field;
    const isInside = Number(text) >= (min ?? 0) && Number(text) <= (max ?? Number.POSITIVE_INFINITY);
    if (wholeNumber.test(text) && isInside) continue;
    faults[`options.${field.name}`] = min === null || max === null ? "A whole number." : `${min} to ${max}.`;
  }
  return faults;
};

/**
 * The form's path of a field that the gateway names: `jump_hosts[1].port` is `jump_hosts.1.port`; null when the form does
 * not draw it.
 */
export const pathOfField = (name: string, values: NewSessionValues, fields: readonly FormField[]): string | null => {
  const [, index = "", part = ""] = /^jump_hosts\[(\d)\]\.(\w+)$/.exec(name) ?? [];
  const hop = values.jump_hosts[Number(index)];
  if (index !== "" && hop !== undefined && part in hop) return `jump_hosts.${index}.${part}`;
  if (name in values && name !== "jump_hosts") return name;
  return fields.some((field) => field.name === name) ? `options.${name}` : null;
};

/** The body of `POST /api/sessions`. Only the chosen way of signing in goes out; what is empty is left out. */
export const requestOf = (values: NewSessionValues, fields: readonly FormField[]) => ({
  session_type: values.session_type,
  hostname: values.hostname.trim(),
  port: Number(values.port),
  ...(values.username.trim() === "" ? {} : { username: values.username.trim() }),
  ...signInOf(values),
  ...(values.jump_hosts.length === 0 ? {} : { jump_hosts: values.jump_hosts.map(hopRequestOf) }),
  ...Object.fromEntries(fields.flatMap((field) => optionOf(field, values.options[field.name]))),
});

const signInOf = (values: NewSessionValues) => {
  if (values.signInWith === "ask") return {};
  if (values.signInWith === "key_pair") return { generate_keypair: true };
  if (values.signInWith === "password") return values.password === "" ? {} : { password: values.password };
  return {
    private_key: values.private_key,
    ...(values.passphrase === "" ? {} : { passphrase: values.passphrase }),
  };
};

const optionOf = (field: FormField, value: string | boolean | undefined): [string, unknown][] => {
  if (typeof value === "boolean") return value ? [[field.name, true]] : [];
  const text = field.kind === "secret" ? (value ?? "") : (value ?? "").trim();
  if (text === "") return [];
  const isNumber = field.kind === "number" || (field.kind === "choice" && /^\d+$/.test(text));
  return [[field.name, isNumber ? Number(text) : text]];
};

/** The values for another protocol: what both have stays, and a port that was only the usual one follows. */
export const withProtocol = (
  values: NewSessionValues,
  from: ProtocolView | undefined,
  to: ProtocolView,
): NewSessionValues => {
  const hasUsualPort = from === undefined || values.port.trim() === "" || Number(values.port) === from.default_port;
  const waysLeft = signInWaysOf(to);
  return {
    ...values,
    session_type: to.id,
    port: hasUsualPort ? String(to.default_port) : values.port,
    signInWith: waysLeft.includes(values.signInWith) ? values.signInWith : "password",
  };
};

/** How a session of this protocol can sign in. */
export const signInWaysOf = (protocol: ProtocolView): NewSessionValues["signInWith"][] => {
  const has = (name: string) => protocol.credential_fields.includes(name);
  return [
    ...(has("password") ? (["password"] as const) : []),
    ...(has("private_key") ? (["private_key"] as const) : []),
    ...(has("generate_keypair") ? (["key_pair"] as const) : []),
    "ask",
  ];
};
