import type { Endpoint } from "../core/endpoint.ts";
import type { WayStep } from "../core/way-step.ts";
import type { StepName } from "./step.ts";
import type { KeyFinding } from "./watched-keys.ts";

export const addressOf = ({ host, port }: Endpoint): string => `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** What a step that went well has found. `next` is what comes after it. */
export const findingOf = (
  step: StepName,
  place: Endpoint,
  { found, key, next }: { found: WayStep["found"]; key: KeyFinding; next: Endpoint },
): string => {
  const { host, port } = place;
  switch (step) {
    case "name":
      return `${host} is ${found?.addresses?.join(", ") ?? "known"}.`;
    case "policy":
      return `The gateway may reach ${host}.`;
    case "connect":
      return `Port ${port} answers.`;
    case "key_exchange":
      return `${found?.software ?? "An SSH server"} answers.`;
    case "host_key":
      return keyWords[key](found?.keyType ?? "host");
    case "sign_in":
      return `${methodWords[found?.method ?? ""] ?? "The sign-in"} is accepted.`;
    case "forward":
      return `${host} passes on, and ${next.host} answers on port ${next.port}.`;
    default:
      return "It answers.";
  }
};

const keyWords: Readonly<Record<KeyFinding, (type: string) => string>> = {
  known: (type) => `Its ${type} key is known.`,
  first_use: (type) => `Its ${type} key is not known yet: the first session will trust it.`,
  pinned: (type) => `Its ${type} key is the pinned one.`,
};

const methodWords: Readonly<Record<string, string>> = {
  none: "The user name alone",
  password: "The password",
  publickey: "The private key",
  "keyboard-interactive": "The answer to its question",
};
